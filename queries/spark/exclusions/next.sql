-- The next stage of every attempt: the earliest event of it, wherever that leads.
--
-- An event at the instant of the stage before (or no longer before it than is tolerated) counts at
-- that instant, if the run of stages through it leaves an event for this one. `run` is the stage
-- at which the attempt came to its instant.
--
-- For Spark: there is no ASOF join everywhere; a running maximum and a running minimum find the same.
--
-- param position INTEGER         the stage
-- param min_gap_us BIGINT        shortest time from the stage before
-- param within_us BIGINT         longest time from the stage before
-- param window_us BIGINT         longest time from the entry
-- param tie_tolerance_us BIGINT  how long before the stage before an event may lie
-- param since_us BIGINT          first instant of the period
-- param read_until_us BIGINT     first instant that may not be read any more
-- returns try_key BIGINT, person_key BIGINT, position INTEGER, ts_us BIGINT, previous_us BIGINT, entered_us BIGINT, run INTEGER
with line as (
  select try_key, person_key, ts_us, ts_us + greatest(getvariable('min_gap_us'), 1) as earliest_us,
    entered_us, run, false as is_event, 0 as run_from, cast(null as bigint) as floor_us
  from tried
  where position = getvariable('position') - 1
  union all
  select cast(null as string) as try_key, person_key, ts_us, ts_us as earliest_us,
    cast(null as bigint) as entered_us, 0 as run, true as is_event, run_from, floor_us
  from attempt_events
  where position = getvariable('position')
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('read_until_us')
),
met as (
  select try_key, person_key, ts_us, entered_us, run, is_event,
    max(case when is_event then struct(ts_us, run_from) end) over (
      partition by person_key
      order by ts_us
      range between unbounded preceding and current row
    ) as here,
    min(case when is_event then struct(ts_us, floor_us) end) over (
      partition by person_key
      order by earliest_us desc
      range between unbounded preceding and current row
    ) as ahead
  from line
),
judged as (
  select try_key, person_key, ts_us, entered_us, run, ahead,
    coalesce(
      getvariable('min_gap_us') = 0
        and ts_us - here.ts_us <= getvariable('tie_tolerance_us')
        and here.run_from <= run,
      false
    ) as stays
  from met
  where not is_event
)
select
  try_key,
  person_key,
  getvariable('position') as position,
  if(stays, ts_us, ahead.ts_us) as ts_us,
  ts_us as previous_us,
  entered_us,
  if(stays, run, getvariable('position')) as run
from judged
where stays
  or (
    ts_us >= ahead.floor_us
    and ahead.ts_us - ts_us <= getvariable('within_us')
    and ahead.ts_us - entered_us <= getvariable('window_us')
  )
