-- The stages of each chosen attempt, as the sum of a bit a stage, 1 for the first, where an attempt
-- may be without some.
--
-- returns person_key BIGINT, stages BIGINT
select person_key, bit_or(cast(1 as bigint) << (position - 1)) as stages
from journeys
group by person_key
