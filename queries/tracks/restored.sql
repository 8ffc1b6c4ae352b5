-- The stage events of people, as they were before tracks took their place.
--
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER
select person_key, ts_us, position
from whole_stage_events
