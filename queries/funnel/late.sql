-- Events of one stage that lie a little before the stage before it, within the tolerance, and count
-- at its instant.
--
-- param position INTEGER     the stage to reach
-- param since_us BIGINT      first instant of the period
-- param tie_tolerance_us BIGINT  how long before at most
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select distinct
  getvariable('position') as position,
  before.person_key,
  before.ts_us,
  before.started_us,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from (
  select person_key, ts_us, started_us, ts_us - 1 as latest_us
  from alive
  where position = getvariable('position') - 1
) as before
asof join (
  select person_key, ts_us
  from attempt_events
  where position = getvariable('position')
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('read_until_us')
) as event
  on event.person_key = before.person_key and before.latest_us >= event.ts_us
where before.ts_us - event.ts_us <= getvariable('tie_tolerance_us')
