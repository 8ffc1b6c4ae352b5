-- How deep each person got under the rules counted last.
--
-- returns user_id VARCHAR, reached INTEGER
select people.user_id, chosen.reached
from chosen
join people on people.person_key = chosen.person_key
