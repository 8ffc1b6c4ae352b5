-- People of the events at hand.
--
-- returns person_key INTEGER
select distinct people.person_key
from everything
join people on people.user_id = everything.user_id
