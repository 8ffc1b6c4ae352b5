-- How deep each person got under the rules counted last, and which stages they took, as bits.
--
-- returns person_key BIGINT, reached INTEGER, stages BIGINT
select chosen.person_key, chosen.reached, taken.stages
from chosen
join taken on taken.person_key = chosen.person_key
