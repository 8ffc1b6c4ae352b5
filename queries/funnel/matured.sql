-- How deep each person got in the funnel over mature entries only.
--
-- returns person_key INTEGER, reached INTEGER
select person_key, reached
from chosen
where entered_us <= (select mature_us from maturity)
union all
select person_key, reached
from chosen_again
