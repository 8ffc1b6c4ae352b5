-- The stage events of one person.
--
-- param person BIGINT  the number of the person
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select person_key, ts_us, position, run_from, floor_us
from stage_events
where person_key = getvariable('person')
