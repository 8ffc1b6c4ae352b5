-- The depths of the rules counted before.
--
-- returns user_id VARCHAR, reached INTEGER
select user_id, reached
from depths
