-- The stage events of one person.
--
-- param person INTEGER  the number of the person
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, run_from INTEGER
select person_key, ts_us, position, run_from
from stage_events
where person_key = getvariable('person')
