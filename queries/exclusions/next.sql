-- The next stage of every attempt: the earliest event of it, wherever that leads.
--
-- An event at the instant of the stage before (or no longer before it than is tolerated) counts at
-- that instant, if the run of stages through it leaves an event for this one. `run` is the stage
-- at which the attempt came to its instant.
--
-- param position INTEGER         the stage
-- param min_gap_us BIGINT        shortest time from the stage before
-- param within_us BIGINT         longest time from the stage before
-- param window_us BIGINT         longest time from the entry
-- param tie_tolerance_us BIGINT  how long before the stage before an event may lie
-- param since_us BIGINT          first instant of the period
-- param read_until_us BIGINT     first instant that may not be read any more
-- returns try_key BIGINT, person_key BIGINT, position INTEGER, ts_us BIGINT, previous_us BIGINT, entered_us BIGINT, run INTEGER
with here as (
  select
    try_key, person_key, ts_us, entered_us, run,
    ts_us + greatest(getvariable('min_gap_us'), 1) as earliest_us
  from tried
  where position = getvariable('position') - 1
),
ahead as (
  select person_key, ts_us, run_from, floor_us
  from attempt_events
  where position = getvariable('position')
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('read_until_us')
),
staying as (
  select here.try_key, here.person_key, here.ts_us, here.ts_us as previous_us, here.entered_us,
    here.run
  from here
  asof join ahead on ahead.person_key = here.person_key and here.ts_us >= ahead.ts_us
  where getvariable('min_gap_us') = 0
    and here.ts_us - ahead.ts_us <= getvariable('tie_tolerance_us')
    and ahead.run_from <= here.run
),
leaving as (
  select here.try_key, here.person_key, ahead.ts_us, here.ts_us as previous_us, here.entered_us,
    getvariable('position') as run
  from here
  asof join ahead on ahead.person_key = here.person_key and here.earliest_us <= ahead.ts_us
  where here.ts_us >= ahead.floor_us
    and ahead.ts_us - here.ts_us <= getvariable('within_us')
    and ahead.ts_us - here.entered_us <= getvariable('window_us')
    and here.try_key not in (select try_key from staying)
)
select try_key, person_key, getvariable('position') as position, ts_us, previous_us, entered_us, run
from (select * from staying union all select * from leaving)
