-- How far one person came, and why not further.
--
-- param person BIGINT  the number of the person
-- returns reached INTEGER, reason VARCHAR
select reached, reason
from outcomes
where person_key = getvariable('person')
