-- The events of the second stage that follow an entry, each with the latest at or before it.
--
-- Contested instants are left to `funnel/advance_contested`.
--
-- returns person_key BIGINT, ts_us BIGINT, started_us BIGINT
select event.person_key, event.ts_us, before.ts_us as started_us
from (
  select person_key, ts_us
  from stage_events
  where position = 2 and run_from = 0
) as event
asof join (
  select person_key, ts_us
  from stage_events
  where position = 1
) as before
  on event.person_key = before.person_key and event.ts_us >= before.ts_us
