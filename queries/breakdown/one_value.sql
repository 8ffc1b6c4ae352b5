-- The value of every person who did any stage, where there is one dimension; null if there is none.
--
-- returns person_key BIGINT, by_values VARCHAR[]
select everybody.person_key, [touches.value] as by_values
from ever as everybody
left join touches on touches.person_key = everybody.person_key
