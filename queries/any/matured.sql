-- How many stages each person came to from mature openings only.
--
-- returns person_key INTEGER, reached INTEGER
select person_key, max(reached) as reached
from opened
where opened_us <= (select mature_us from maturity)
group by person_key
