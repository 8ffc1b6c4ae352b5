-- Who failed with which combination of values, at whatever stage: what rows are ranked by.
--
-- returns person_key BIGINT, by_values VARCHAR[]
select distinct person_key, by_values
from failures
