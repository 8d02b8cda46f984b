-- At work on the day, three months after the end, of the actions that ended in 2016 and 2017.
-- An interrupted action ends where the last part that continues it does.
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
boxed as (
  select instrument,
    case
      when person_id is null or not linked then 'without person'
      when due > date '2020-03-31' then 'not due'
      when exists (
        select 1
        from spell s
        where s.person_id = e.person_id
          and s.work_type in ('OTH', 'EXT', 'FLX', 'STU')
          and s.start_date <= e.due
          and (s.end_date >= e.due or s.end_date is null)
      ) then 'at work'
      else 'not at work'
    end as box
  from entrant e
)
select instrument, count(*), count(*) filter (box = 'without person'), 0, 0, count(*) filter (box = 'not due'),
  count(*) filter (box in ('at work', 'not at work')), count(*) filter (box = 'at work')
from boxed
group by instrument
order by instrument
