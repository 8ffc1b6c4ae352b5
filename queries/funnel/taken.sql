-- The stages of each chosen attempt, as the sum of a bit a stage, 1 for the first: all up to the one
-- reached.
--
-- returns person_key INTEGER, stages BIGINT
select person_key, (cast(1 as bigint) << reached) - 1 as stages
from chosen
