-- Contested entries: every one begins a run at its stage.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, run INTEGER, floor_us BIGINT
select distinct position, person_key, ts_us, started_us, run_from, position as run, floor_us
from alive
where run_from > 0
