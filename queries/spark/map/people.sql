-- The ids of everybody who is counted, beside the numbers that stand for them.
--
-- For Spark: numbers for everybody would have to be dealt out by one machine, so the id is the key.
--
-- returns person_key BIGINT, user_id VARCHAR
select distinct user_id as person_key, user_id
from everything
where user_id is not null
