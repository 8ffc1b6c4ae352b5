-- Everybody who is counted (users, unless the rules say otherwise), with a dense number that stands for the id from here on.
--
-- For Spark: numbers for everybody would have to be dealt out by one machine, so the id is the key.
--
-- returns person_key BIGINT, user_id VARCHAR
select distinct user_id as person_key, user_id
from everything
where user_id is not null
