-- The events of the first stage: there is none before it, so that nothing can be between.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select person_key, ts_us, position, run_from, floor_us
from stage_events
where position = 1
