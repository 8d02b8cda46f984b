-- Actions started in 2016 and 2017, by level of education and age group; a continuation is no start.
-- Who was born on 29 February is a year older on 1 March: date_sub says 28 February.
with started as (
  select instrument, coalesce(education, 'unknown') as education,
    year(start_date) - year(birth_date)
      - (100 * month(start_date) + day(start_date) < 100 * month(birth_date) + day(birth_date))::integer as age
  from action
  where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
    and start_date between date '2016-01-01' and date '2017-12-31' and resumes is null
)
select instrument, education, case when age < 25 then '<25' when age < 55 then '25-54' else '55+' end as age_group,
  count(*)
from started
group by all
order by all
