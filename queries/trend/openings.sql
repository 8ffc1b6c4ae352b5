-- The stage events that may open a window of a bucket, where any order counts: those inside it.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select entrants.entrant_key as person_key, event.ts_us, event.position, event.run_from,
  event.floor_us
from stage_events as event
join entrants
  on entrants.person_key = event.person_key
  and event.ts_us >= entrants.first_us
  and event.ts_us <= entrants.last_us
