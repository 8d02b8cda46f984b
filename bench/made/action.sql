-- Actions ${first} to ${last} (excluded) of ${actions}. Ids in order, persons scattered; every draw is a hash of the
-- seed. Of every 50 actions the first is interrupted and continued by one registered later; of every 500 twice.
with numbered as (
  select i as action_id,
    case
      when i % 500 = 2 and i > 2 * ${step} + 2 then 2
      when i % 50 = 1 and i > ${step} + 1 then 1
      else 0
    end as part
  from range(${first}, ${last}) as ids (i)
),
rooted as (
  select *, action_id - part * (${step} + 1) as root from numbered
),
drawn as (
  select *,
    case
      when root % 500 = 0 and root + 2 * (${step} + 1) <= ${actions} then 3
      when root % 50 = 0 and root + ${step} + 1 <= ${actions} then 2
      else 1
    end as parts,
    hash(root, ${seed}) as h,
    hash(root, ${seed} + 1) as g
  from rooted
),
placed as (
  select *,
    cast(1 + h % ${persons} as bigint) as person_id,
    case when g % 100 < 45 then 'ibo' when g % 100 < 75 then 'iss' else 'opleidingsstage' end as instrument,
    date '2016-01-01' + cast((g >> 8) % 731 as integer) as last_end,
    parts = 1 and (g >> 20) % 100 = 0 as cancelled,
    (g >> 28) % 200 < 3 as running,
    cast((g >> 36) % 100 as integer) as ending
  from drawn
),
lasting as (
  select *, hash(person_id, ${seed} + 2) as t,
    case instrument
      when 'iss' then 91
      when 'ibo' then 28 + cast((h >> 30) % 155 as integer)
      else 5 + cast((h >> 30) % 86 as integer)
    end // parts as days
  from placed
),
dated as (
  select *,
    last_end - (parts - 1 - part) * (days + 20) as end_day,
    last_end - (parts - 1 - part) * (days + 20) - (days - 1) as start_date
  from lasting
)
select
  action_id,
  instrument,
  person_id,
  case when (h >> 50) % 250 = 0 then false else true end as linked,
  case when instrument = 'opleidingsstage' then root end as trajectory_id,
  cast(1 + (h >> 12) % (1 + (h >> 40) % ${employers}) as bigint) as employer_id,
  cast(start_date as date) as start_date,
  cast(case when part < parts - 1 or ending >= 70 then end_day + 14 + ending // 2 else end_day end as date)
    as planned_end_date,
  cast(case when part = parts - 1 and (cancelled or running) then null else end_day end as date) as end_date,
  case
    when part < parts - 1 then 'interrupted'
    when cancelled then 'cancelled'
    when running then null
    when ending < 70 then 'completed'
    when ending < 80 then 'found_work'
    when ending < 90 then 'stopped_by_participant'
    when ending < 97 then 'stopped_by_employer'
    else 'breach'
  end as end_reason,
  case when part > 0 then action_id - 1 - ${step} end as resumes,
  case when start_date < date '2017-01-01' then null when g % 100 >= 97 then 'tiw' when g % 100 >= 95 then 'twe-ocmw'
    end as frame,
  case when t % 1000 < 480 then 'F' when t % 1000 < 995 then 'M' else 'X' end as sex,
  cast(case
    when instrument = 'iss' then last_end - 6800 - cast((t >> 16) % 2200 as integer)
    else date '1955-01-01' + cast((t >> 16) % 15500 as integer)
  end as date) as birth_date,
  case
    when instrument = 'iss' or (t >> 10) % 100 < 40 then 'low'
    when (t >> 10) % 100 < 76 then 'medium'
    when (t >> 10) % 100 < 99 then 'high'
  end as education,
  ['11002', '12025', '13040', '21004', '23088', '24062', '31005', '34022', '35013', '36015', '41002', '42006',
   '44021', '46021', '71016', '71022', '73083', '11008', '11029', '12021', '13008', '24020', '31033', '44048']
    [1 + cast((t >> 40) % (1 + (t >> 48) % 24) as integer)] as municipality,
  case when (t >> 30) % 100 < 71 then 'BE' when (t >> 30) % 100 < 81 then 'EU'
    when (t >> 30) % 100 < 99 then 'non-EU' end as origin,
  case when (t >> 24) % 100 < 12 then 'yes' else 'no' end as disability,
  cast(start_date - 1 - cast((h >> 44) % (30 + (t >> 20) % 1500) as integer) as date) as unemployed_since
from dated
