-- outflow.sql after 1, 2 … 24 months: instrument, months, followed, at work.
with happened as (
  select action_id, resumes, instrument, person_id, linked, end_date
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
),
entrant as (
  select instrument, person_id, end_date
  from happened h
  where end_date between date '2016-01-01' and date '2017-12-31' and person_id is not null and linked
    and not exists (select 1 from happened n where n.resumes = h.action_id)
),
followed as (
  select instrument, person_id, months, cast(end_date + to_months(cast(months as integer)) as date) as due
  from entrant, range(1, 25) as horizon (months)
),
work as (
  select person_id, start_date, coalesce(end_date, date '2020-03-31') as end_date
  from spell
  where work_type in ('OTH', 'EXT', 'FLX', 'STU')
),
working as (
  select instrument, months, count(*) as at_work
  from followed f
  semi join work w on w.person_id = f.person_id and w.start_date <= f.due and w.end_date >= f.due
  group by all
)
select instrument, months, followed, at_work
from (select instrument, count(*) as followed from entrant group by all)
join working using (instrument)
order by all
