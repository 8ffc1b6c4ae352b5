-- The combination of values of every person who is counted; null where there is no value.
--
-- param dimensions INTEGER  how many dimensions there are
-- returns person_key BIGINT, by_values VARCHAR[]
select
  counted.person_key,
  list(touches.value order by numbers.dimension) as by_values
from counted
cross join (
  select unnest(generate_series(1, getvariable('dimensions'))) as dimension
) as numbers
left join touches
  on touches.person_key = counted.person_key and touches.dimension = numbers.dimension
group by counted.person_key
