-- The events of one stage, each with the earliest instant at which the stage before may lie so that
-- nothing is between, where repeats of that stage may pass: that of the last event before it that
-- is none of these.
--
-- param position INTEGER     the stage
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with event as (
  select person_key, ts_us, position, run_from, ts_us - 1 as latest_us
  from stage_events
  where position = getvariable('position')
)
select
  event.person_key, event.ts_us, event.position, event.run_from,
  coalesce(other.ts_us, -4611686018427387904) as floor_us
from event
asof left join (
  select person_key, ts_us
  from person_events
  where stages & (cast(1 as bigint) << (getvariable('position') - 2)) = 0
    and person_key in (select person_key from event)
) as other
  on other.person_key = event.person_key and event.latest_us >= other.ts_us
