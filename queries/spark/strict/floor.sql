-- The events of one stage, each with the earliest instant at which the stage before may lie so that
-- nothing is between, where repeats of that stage may pass: that of the last event before it that
-- is none of these.
--
-- For Spark: there is no ASOF join everywhere; a running maximum finds the same.
--
-- param position INTEGER     the stage
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with line as (
  select person_key, ts_us - 1 as at_us, ts_us, position, run_from, cast(null as bigint) as other_us
  from stage_events
  where position = getvariable('position')
  union all
  select person_key, ts_us as at_us, cast(null as bigint) as ts_us, 0 as position, 0 as run_from,
    ts_us as other_us
  from person_events
  where stages & (cast(1 as bigint) << (getvariable('position') - 2)) = 0
),
met as (
  select person_key, ts_us, position, run_from,
    max(other_us) over (
      partition by person_key
      order by at_us
      range between unbounded preceding and current row
    ) as other_us
  from line
)
select person_key, ts_us, position, run_from,
  coalesce(other_us, -4611686018427387904) as floor_us
from met
where ts_us is not null
