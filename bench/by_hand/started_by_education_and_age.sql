-- Actions started in 2016 and 2017, by level of education and age group; a continuation is no start.
with started as (
  select instrument, coalesce(education, 'unknown') as education,
    case when date_sub('year', birth_date, start_date) < 25 then '<25'
      when date_sub('year', birth_date, start_date) < 55 then '25-54' else '55+' end as age_group
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
    and start_date between date '2016-01-01' and date '2017-12-31' and resumes is null
)
select instrument, education, age_group, count(*)
from started
group by all
order by all
