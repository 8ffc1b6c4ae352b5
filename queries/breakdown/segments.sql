-- The people of each row of a breakdown.
--
-- returns segment INTEGER, person_key BIGINT
select ranks.segment, person_values.person_key
from person_values
join ranks on ranks.by_values is not distinct from person_values.by_values
