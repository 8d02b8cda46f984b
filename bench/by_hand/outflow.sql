-- At work on the day, three months after the end, of the actions that ended in 2016 and 2017.
-- An interrupted action ends where the last part that continues it does. The last due day is 31 March 2018: all are due.
with happened as (
  select action_id, resumes, instrument, person_id, linked, end_date
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
),
entrant as (
  select instrument, person_id, person_id is not null and linked as followed,
    cast(end_date + interval 3 month as date) as due
  from happened h
  where end_date between date '2016-01-01' and date '2017-12-31'
    and not exists (select 1 from happened n where n.resumes = h.action_id)
),
work as (
  select person_id, start_date, coalesce(end_date, date '2020-03-31') as end_date
  from spell
  where work_type in ('OTH', 'EXT', 'FLX', 'STU')
),
working as (
  select e.instrument, count(*) as at_work
  from entrant e
  semi join work w on w.person_id = e.person_id and w.start_date <= e.due and w.end_date >= e.due
  where e.followed
  group by e.instrument
)
select e.instrument, count(*), count(*) filter (not followed), 0, 0, 0, count(*) filter (followed),
  coalesce(any_value(at_work), 0)
from entrant e
left join working w on w.instrument = e.instrument
group by e.instrument
order by e.instrument
