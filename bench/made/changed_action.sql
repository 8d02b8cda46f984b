-- One person in a hundred: all their actions again, the ends some days later, one in forty deleted; and some new ones.
with touched as (
  select * from ${actions_of} where hash(person_id, ${seed} + 3) % 100 = 42
)
select * replace (
    cast(coalesce(end_date + 1 + cast(action_id % 5 as integer), date '2018-02-28') as date) as end_date,
    coalesce(end_reason, 'completed') as end_reason),
  case when action_id % 40 = 7 and action_id % 50 > 2 and resumes is null then 'delete' else 'upsert' end as operation
from touched
where end_reason is distinct from 'cancelled'
union all
select * replace (
    ${actions} + action_id as action_id,
    case when trajectory_id is not null then ${actions} + action_id end as trajectory_id,
    cast(start_date - 200 as date) as start_date,
    cast(planned_end_date - 200 as date) as planned_end_date,
    cast(end_date - 200 as date) as end_date,
    cast(unemployed_since - 200 as date) as unemployed_since),
  'upsert'
from touched
where action_id % 50 = 23 and end_reason = 'completed' and resumes is null
