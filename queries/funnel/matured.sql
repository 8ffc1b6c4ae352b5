-- How deep each person got in the funnel over mature entries only.
--
-- param mature_us BIGINT  latest mature entry
-- returns person_key INTEGER, reached INTEGER
select person_key, reached
from chosen
where entered_us <= getvariable('mature_us')
union all
select person_key, reached
from chosen_again
