-- Everybody with an event of a stage in the period.
--
-- returns person_key BIGINT
select distinct person_key
from onward
