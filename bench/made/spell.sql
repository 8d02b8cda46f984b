-- Employment lines ${first} to ${last} (excluded). The more schooling a person has, the longer the lines last.
with drawn as (
  select i as spell_id, hash(i, ${seed} + 3) as h from range(${first}, ${last}) as ids (i)
),
placed as (
  select spell_id, h, cast(1 + h % ${persons} as bigint) as person_id,
    date '2014-01-01' + cast((h >> 24) % 2250 as integer) as start_date
  from drawn
),
lasting as (
  select *, (hash(person_id, ${seed} + 2) >> 10) % 100 as schooling,
    case
      when (h >> 36) % 100 < 40 then 1 + (h >> 44) % 14
      when (h >> 36) % 100 < 75 then 15 + (h >> 44) % 105
      else 120 + (h >> 44) % 380
    end as days
  from placed
),
ended as (
  select *, start_date + cast(case when schooling < 40 then days * 3 // 4 when schooling < 76 then days
    else days * 5 // 4 end as integer) as end_day
  from lasting
)
select
  spell_id,
  person_id,
  cast(1 + (h >> 12) % (1 + (h >> 40) % ${employers}) as bigint) as employer_id,
  case
    when (h >> 52) % 100 < 62 then 'OTH' when (h >> 52) % 100 < 72 then 'EXT' when (h >> 52) % 100 < 78 then 'FLX'
    when (h >> 52) % 100 < 86 then 'STU' when (h >> 52) % 100 < 94 then 'IVT' when (h >> 52) % 100 < 98 then 'TRI'
    else 'DWD'
  end as work_type,
  cast(start_date as date) as start_date,
  cast(case when end_day <= date '2020-03-31' then end_day end as date) as end_date
from ended
