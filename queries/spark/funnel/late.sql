-- Events of one stage that lie a little before the stage before it, within the tolerance, and count
-- at its instant.
--
-- For Spark: there is no ASOF join everywhere; a running maximum finds the same.
--
-- param position INTEGER     the stage to reach
-- param since_us BIGINT      first instant of the period
-- param tie_tolerance_us BIGINT  how long before at most
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
with line as (
  select person_key, ts_us - 1 as at_us, ts_us, started_us, cast(null as bigint) as event_us
  from alive
  where position = getvariable('position') - 1
  union all
  select person_key, ts_us as at_us, cast(null as bigint) as ts_us,
    cast(null as bigint) as started_us, ts_us as event_us
  from attempt_events
  where position = getvariable('position')
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('read_until_us')
),
met as (
  select person_key, ts_us, started_us,
    max(event_us) over (
      partition by person_key
      order by at_us
      range between unbounded preceding and current row
    ) as event_us
  from line
)
select distinct
  getvariable('position') as position,
  person_key,
  ts_us,
  started_us,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from met
where ts_us is not null and ts_us - event_us <= getvariable('tie_tolerance_us')
