-- Everybody as segment 0, and each person once more in the row of a breakdown.
--
-- returns segment INTEGER, person_key INTEGER
select 0 as segment, person_key
from people
union all
select ranks.segment, person_values.person_key
from person_values
join ranks on ranks.by_values is not distinct from person_values.by_values
