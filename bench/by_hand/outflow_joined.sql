-- The same as outflow.sql, written as a semi-join.
with happened as (
  select action_id, resumes, instrument, person_id, linked, end_date
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
),
entrant as (
  select action_id, instrument, person_id, linked, cast(end_date + interval 3 month as date) as due
  from happened h
  where end_date between date '2016-01-01' and date '2017-12-31'
    and not exists (select 1 from happened n where n.resumes = h.action_id)
),
working as (
  select e.instrument, count(*) as at_work
  from entrant e
  semi join spell s
    on s.person_id = e.person_id
    and s.work_type in ('OTH', 'EXT', 'FLX', 'STU')
    and s.start_date <= e.due
    and coalesce(s.end_date, date '2020-03-31') >= e.due
  where e.linked and e.due <= date '2020-03-31'
  group by e.instrument
)
select e.instrument, count(*), count(*) filter (person_id is null or not linked), 0, 0,
  count(*) filter (person_id is not null and linked and due > date '2020-03-31'),
  count(*) filter (person_id is not null and linked and due <= date '2020-03-31'), any_value(at_work)
from entrant e
left join working w on w.instrument = e.instrument
group by e.instrument
order by e.instrument
