-- outflow.sql by level of education and age group, as it was at the start of an action's first part.
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
entrant as (
  select h.action_id, h.instrument, h.person_id, h.linked, cast(h.end_date + interval 3 month as date) as due,
    coalesce(f.start_date, h.start_date) as first_day, coalesce(f.sex, h.sex) as sex,
    coalesce(f.education, h.education) as education, coalesce(f.birth_date, h.birth_date) as birth_date
  from happened h
  left join (continued c join happened f on f.action_id = c.earlier and f.resumes is null) on c.action_id = h.action_id
  where h.end_date between date '2016-01-01' and date '2017-12-31'
    and not exists (select 1 from happened n where n.resumes = h.action_id)
),
boxed as (
  select instrument, coalesce(education, 'unknown') as education,
    case when date_sub('year', birth_date, first_day) < 25 then '<25'
      when date_sub('year', birth_date, first_day) < 55 then '25-54' else '55+' end as age_group,
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
select instrument, education, age_group, count(*), count(*) filter (box = 'without person'), 0, 0,
  count(*) filter (box = 'not due'), count(*) filter (box in ('at work', 'not at work')),
  count(*) filter (box = 'at work')
from boxed
group by all
order by all
