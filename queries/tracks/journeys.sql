-- The journeys of the best tracks.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, run INTEGER
select journeys.position, best.person_key, journeys.ts_us, journeys.previous_us, journeys.run
from journeys
join best on best.track_key = journeys.person_key
