-- Everybody who has a path.
--
-- returns person_key BIGINT
select distinct person_key
from visits
