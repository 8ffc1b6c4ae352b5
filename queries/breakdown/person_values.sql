-- The combination of values of every person who did any stage; null where there is no value.
--
-- param dimensions INTEGER  how many dimensions there are
-- returns person_key BIGINT, by_values VARCHAR[]
select
  everybody.person_key,
  list(touches.value order by numbers.dimension) as by_values
from ever as everybody
cross join (
  select unnest(generate_series(1, getvariable('dimensions'))) as dimension
) as numbers
left join touches
  on touches.person_key = everybody.person_key and touches.dimension = numbers.dimension
group by everybody.person_key
