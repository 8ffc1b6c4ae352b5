-- The stages of each chosen attempt, as the sum of a bit a stage, 1 for the first: from the one it
-- began with to the one reached.
--
-- returns person_key BIGINT, stages BIGINT
select person_key,
  (cast(1 as bigint) << reached) - (cast(1 as bigint) << (first_position - 1)) as stages
from chosen
