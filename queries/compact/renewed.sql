-- People of the events at hand.
--
-- returns person_key BIGINT, user_id VARCHAR
select person_key, user_id
from compact_people
where user_id in (select user_id from everything)
