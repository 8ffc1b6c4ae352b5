-- How many different stages each person did at all, written as the bits of the first so many.
--
-- returns person_key BIGINT, stages BIGINT
select person_key, (cast(1 as bigint) << bit_count(stages)) - 1 as stages
from ever
