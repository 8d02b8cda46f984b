-- Actions started in 2016 and 2017, by sex; a continuation is no start.
select instrument, coalesce(sex, 'unknown') as sex, count(*)
from action
where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
  and start_date between date '2016-01-01' and date '2017-12-31' and resumes is null
group by all
order by all
