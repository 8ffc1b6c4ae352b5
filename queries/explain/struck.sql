-- When one person was struck, and by which event; no row if no exclusion stopped them.
--
-- param person BIGINT  the number of the person
-- returns struck_us BIGINT, event VARCHAR
select struck_us, event
from struck
where person_key = getvariable('person')
