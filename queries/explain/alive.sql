-- The entries that are followed one by one, where attempts may begin with any stage.
--
-- param position INTEGER  the stage that they begin with
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select position, person_key, ts_us, ts_us as started_us, run_from, floor_us
from attempt_events
where position = getvariable('position')
