-- People of the events at hand who are not kept yet.
--
-- returns person_key BIGINT, user_id VARCHAR
select person_key, user_id
from arrived
where person_key > (select coalesce(max(person_key), 0) from compact_people)
