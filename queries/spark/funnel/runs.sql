-- Contested events of one stage that an attempt can reach, for each stage `run` at which it can
-- have come to this instant, with the latest entry.
--
-- Either the stage before was reached earlier, and the run begins here, or it was reached at this
-- very instant by a run that began late enough to leave an event for this stage.
--
-- For Spark: there is no ASOF join everywhere; a running maximum finds the same.
--
-- param position INTEGER     the stage to reach
-- param min_gap_us BIGINT    shortest time from the stage before
-- param within_us BIGINT     longest time from the stage before
-- param window_us BIGINT     longest time from the entry
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, run INTEGER, floor_us BIGINT
with event as (
  select distinct
    person_key, ts_us, position, run_from, floor_us,
    ts_us - greatest(getvariable('min_gap_us'), 1) as latest_us
  from attempt_events
  where position = getvariable('position')
    and run_from > 0
    and ts_us < getvariable('read_until_us')
),
line as (
  select person_key, ts_us as at_us, ts_us as before_us, started_us, false as is_event,
    cast(null as bigint) as ts_us, 0 as run_from, cast(null as bigint) as floor_us
  from alive
  where position = getvariable('position') - 1
  union all
  select person_key, latest_us as at_us, cast(null as bigint) as before_us,
    cast(null as bigint) as started_us, true as is_event, ts_us, run_from, floor_us
  from event
),
met as (
  select person_key, ts_us, run_from, floor_us, is_event,
    max(case when not is_event then struct(before_us, started_us) end) over (
      partition by person_key
      order by at_us
      range between unbounded preceding and current row
    ) as before
  from line
),
begun as (
  select person_key, ts_us, before.started_us as started_us, run_from,
    getvariable('position') as run, floor_us
  from met
  where is_event
    and before.before_us >= floor_us
    and ts_us - before.before_us <= getvariable('within_us')
    and ts_us - before.started_us <= getvariable('window_us')
),
carried_on as (
  select
    event.person_key, event.ts_us, before.started_us, event.run_from, before.run, event.floor_us
  from event
  join runs as before
    on before.position = getvariable('position') - 1
    and before.person_key = event.person_key
    and before.ts_us = event.ts_us
    and before.run >= event.run_from
  where getvariable('min_gap_us') = 0
)
select getvariable('position') as position, person_key, ts_us, started_us, run_from, run, floor_us
from begun
union all
select getvariable('position') as position, person_key, ts_us, started_us, run_from, run, floor_us
from carried_on
