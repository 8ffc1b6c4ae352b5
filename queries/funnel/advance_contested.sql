-- Contested events of one stage that an attempt can reach, with the latest entry over all runs.
--
-- param position INTEGER  the stage to reach
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select position, person_key, ts_us, max(started_us) as started_us, run_from, floor_us
from runs
where position = getvariable('position')
group by position, person_key, ts_us, run_from, floor_us
