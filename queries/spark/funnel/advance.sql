-- Events of one stage that an attempt can reach, with the latest entry that reaches them.
--
-- The latest event of the stage before carries the latest entry, so it alone is looked at.
-- Contested instants are left to `advance_contested`.
--
-- For Spark: there is no ASOF join everywhere; a running maximum finds the same.
--
-- param position INTEGER     the stage to reach
-- param min_gap_us BIGINT    shortest time from the stage before
-- param within_us BIGINT     longest time from the stage before
-- param window_us BIGINT     longest time from the entry
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
with line as (
  select person_key, ts_us as at_us, ts_us as before_us, started_us, false as is_event,
    cast(null as bigint) as ts_us, 0 as run_from, cast(null as bigint) as floor_us
  from alive
  where position = getvariable('position') - 1
  union all
  select person_key, ts_us - getvariable('min_gap_us') as at_us, cast(null as bigint) as before_us,
    cast(null as bigint) as started_us, true as is_event, ts_us, run_from, floor_us
  from attempt_events
  where position = getvariable('position')
    and run_from = 0
    and ts_us < getvariable('read_until_us')
),
met as (
  select person_key, ts_us, run_from, floor_us, is_event,
    max(case when not is_event then struct(before_us, started_us) end) over (
      partition by person_key
      order by at_us
      range between unbounded preceding and current row
    ) as before
  from line
)
select getvariable('position') as position, person_key, ts_us, before.started_us, run_from, floor_us
from met
where is_event
  and before.before_us >= floor_us
  and ts_us - before.before_us <= getvariable('within_us')
  and ts_us - before.started_us <= getvariable('window_us')
