-- The events of one stage, each with the earliest instant at which the stage before may lie so that
-- nothing is between: that of the last event before it.
--
-- Where repeats may pass, events of the stage before are not in the way.
--
-- param position INTEGER     the stage
-- param repeats_pass BOOLEAN whether repeats of the stage just reached may lie between
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select
  event.person_key, event.ts_us, event.position, event.run_from,
  coalesce(other.ts_us, -4611686018427387904) as floor_us
from (
  select person_key, ts_us, position, run_from, ts_us - 1 as latest_us
  from stage_events
  where position = getvariable('position')
) as event
asof left join (
  select person_key, ts_us
  from person_events
  where not getvariable('repeats_pass')
    or getvariable('position') = 1
    or stages & (cast(1 as bigint) << greatest(getvariable('position') - 2, 0)) = 0
) as other
  on other.person_key = event.person_key and event.latest_us >= other.ts_us
