-- How deep each person got by the attempts that stand.
--
-- returns person_key INTEGER, reached INTEGER
select person_key, max(reached) as reached
from standing
group by person_key
