-- How deep each person got under the rules counted last, and which stages they took, as bits.
--
-- returns user_id VARCHAR, reached INTEGER, stages BIGINT
select people.user_id, chosen.reached, taken.stages
from chosen
join taken on taken.person_key = chosen.person_key
join people on people.person_key = chosen.person_key
