-- outflow.sql with a thought more: a line that ends before the first due day, or begins after the last, cannot decide.
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
    and start_date <= date '2018-03-31' and (end_date >= date '2016-04-01' or end_date is null)
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
