-- The stage events of people, kept beside those of tracks.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select distinct person_key, ts_us, position, run_from, floor_us
from stage_events
