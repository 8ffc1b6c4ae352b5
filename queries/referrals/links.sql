-- Who named whom, among the people of the data, themselves aside.
--
-- returns person_key INTEGER, referrer_key INTEGER
select named.person_key, people.person_key as referrer_key
from named
join people on people.user_id = named.referrer
where people.person_key <> named.person_key
