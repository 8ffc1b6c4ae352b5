-- Everybody who has a path.
--
-- returns person_key BIGINT
select person_key
from visits
where step = 1
