-- outflow.sql by sex, as it was at the start of an action's first part.
with recursive happened as (
  select action_id, resumes, instrument, person_id, linked, start_date, end_date, sex, education, birth_date
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
),
continued as (
  select action_id, resumes as earlier from happened where resumes is not null
  union all
  select c.action_id, h.resumes from continued c join happened h on h.action_id = c.earlier where h.resumes is not null
),
last_part as (
  select h.instrument, h.person_id, h.linked, h.end_date, coalesce(f.start_date, h.start_date) as start_date,
    coalesce(f.sex, h.sex) as sex, coalesce(f.education, h.education) as education,
    coalesce(f.birth_date, h.birth_date) as birth_date
  from happened h
  left join (continued c join happened f on f.action_id = c.earlier and f.resumes is null) on c.action_id = h.action_id
  where h.end_date between date '2016-01-01' and date '2017-12-31'
    and not exists (select 1 from happened n where n.resumes = h.action_id)
),
entrant as (
  select instrument, coalesce(sex, 'unknown') as sex,
    person_id, person_id is not null and linked as followed, cast(end_date + interval 3 month as date) as due
  from last_part
),
work as (
  select person_id, start_date, coalesce(end_date, date '2020-03-31') as end_date
  from spell
  where work_type in ('OTH', 'EXT', 'FLX', 'STU')
),
working as (
  select instrument, sex, count(*) as at_work
  from entrant e
  semi join work w on w.person_id = e.person_id and w.start_date <= e.due and w.end_date >= e.due
  where followed
  group by all
)
select instrument, sex, count(*), count(*) filter (not followed), 0, 0, 0, count(*) filter (followed),
  coalesce(any_value(at_work), 0)
from entrant
left join working using (instrument, sex)
group by all
order by all
