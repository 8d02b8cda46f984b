-- Distinct persons who started in 2016 and 2017, per instrument and in all.
select coalesce(instrument, '') as instrument, count(distinct person_id)
from action
where instrument in ('ibo', 'iss', 'opleidingsstage') and end_reason is distinct from 'cancelled'
  and start_date between date '2016-01-01' and date '2017-12-31' and resumes is null
group by grouping sets ((action.instrument), ())
order by all
