-- The combination of values of every person who is counted; null where there is no value.
--
-- For Spark: lists and structs are written otherwise.
--
-- param dimensions INTEGER  how many dimensions there are
-- returns person_key BIGINT, by_values VARCHAR[]
select
  everybody.person_key,
  transform(
    array_sort(collect_list(struct(numbers.dimension, touches.value))), one -> one.value
  ) as by_values
from counted as everybody
cross join (
  select explode(sequence(1, getvariable('dimensions'))) as dimension
) as numbers
left join touches
  on touches.person_key = everybody.person_key and touches.dimension = numbers.dimension
group by everybody.person_key
