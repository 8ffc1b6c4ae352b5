-- Everybody who is counted as one segment, number 0.
--
-- returns segment INTEGER, person_key BIGINT
select 0 as segment, person_key
from counted
