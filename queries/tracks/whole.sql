-- The stage events of people, kept beside those of tracks.
--
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, floor_us BIGINT
select distinct person_key, ts_us, position, floor_us
from stage_events
