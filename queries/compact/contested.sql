-- The stage events at instants that are contested, each once.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER
select distinct person_key, ts_us, position, run_from
from stage_events
where run_from > 0
