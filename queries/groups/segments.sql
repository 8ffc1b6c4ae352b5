-- Everybody who is counted as segment 0, and once more in the row of a breakdown.
--
-- returns segment INTEGER, person_key BIGINT
select 0 as segment, person_key
from counted
union all
select ranks.segment, group_values.person_key
from group_values
join ranks on ranks.by_values is not distinct from group_values.by_values
