-- What lies just before each event of one stage, and when, where order is strict.
--
-- param position INTEGER     the stage
-- param repeats_pass BOOLEAN whether repeats of the stage before it may lie between
-- returns ts_us BIGINT, event VARCHAR, between_us BIGINT
select event.ts_us, min_by(other.event, other.n) as event, event.floor_us as between_us
from (
  select ts_us, floor_us
  from stage_events
  where position = getvariable('position')
) as event
join numbered as other on epoch_us(other.ts) = event.floor_us
where not getvariable('repeats_pass')
  or other.stages & (cast(1 as bigint) << greatest(getvariable('position') - 2, 0)) = 0
group by event.ts_us, event.floor_us
