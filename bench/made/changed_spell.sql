-- One person in a hundred: all their lines again, the ends some days later, one in forty deleted; and some new ones.
with touched as (
  select * from ${spells_of} where hash(person_id, ${seed} + 3) % 100 = 42
)
select * replace (
    cast(case when end_date + 4 <= date '2020-04-30' then end_date + cast(spell_id % 5 as integer) end as date) as end_date),
  case when spell_id % 40 = 7 then 'delete' else 'upsert' end as operation
from touched
union all
select * replace (
    ${spells} + spell_id as spell_id,
    cast(start_date + 40 as date) as start_date,
    cast(end_date + 40 as date) as end_date),
  'upsert'
from touched
where spell_id % 50 = 23 and end_date is not null
