-- Events of one stage that an attempt can reach, with the latest entry that reaches them.
--
-- The latest event of the stage before carries the latest entry, so it alone is looked at.
-- Contested instants are left to `advance_contested`.
--
-- param position INTEGER     the stage to reach
-- param min_gap_us BIGINT    shortest time from the stage before
-- param within_us BIGINT     longest time from the stage before
-- param window_us BIGINT     longest time from the entry
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select
  event.position,
  event.person_key,
  event.ts_us,
  before.started_us,
  event.run_from,
  event.floor_us
from (
  select person_key, ts_us, ts_us - getvariable('min_gap_us') as latest_us, position, run_from, floor_us
  from attempt_events
  where position = getvariable('position')
    and run_from = 0
    and ts_us < getvariable('read_until_us')
) as event
asof join (
  select person_key, ts_us, started_us
  from alive
  where position = getvariable('position') - 1
) as before
  on event.person_key = before.person_key and event.latest_us >= before.ts_us
where before.ts_us >= event.floor_us
  and event.ts_us - before.ts_us <= getvariable('within_us')
  and event.ts_us - before.started_us <= getvariable('window_us')
