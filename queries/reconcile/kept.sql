-- The depths of the rules counted before.
--
-- returns user_id VARCHAR, reached INTEGER, stages BIGINT
select user_id, reached, stages
from depths
