-- The depths of the rules counted before.
--
-- returns person_key BIGINT, reached INTEGER, stages BIGINT
select person_key, reached, stages
from depths
