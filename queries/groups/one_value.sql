-- The value of every person who is counted, where there is one dimension; null if there is none.
--
-- Events may carry values of columns that are no dimension: these come after it.
--
-- returns person_key BIGINT, by_values VARCHAR[]
select counted.person_key, [touches.value] as by_values
from counted
left join touches on touches.person_key = counted.person_key and touches.dimension = 1
