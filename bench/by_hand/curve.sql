-- outflow.sql after 1, 2 … 24 months: instrument, months, followed, at work.
with happened as (
  select action_id, resumes, instrument, person_id, linked, end_date
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
),
followed as (
  select instrument, person_id, months, cast(end_date + to_months(cast(months as integer)) as date) as due
  from happened h, range(1, 25) as horizon (months)
  where end_date between date '2016-01-01' and date '2017-12-31' and linked
    and not exists (select 1 from happened n where n.resumes = h.action_id)
),
looked as (
  select instrument, months, exists (
      select 1
      from spell s
      where s.person_id = e.person_id
        and s.work_type in ('OTH', 'EXT', 'FLX', 'STU')
        and s.start_date <= e.due
        and (s.end_date >= e.due or s.end_date is null)
    ) as at_work
  from followed e
)
select instrument, months, count(*), count(*) filter (at_work)
from looked
group by all
order by all
