-- Events of the second stage whose latest entry comes after the period: each person's last entry within
-- it reaches them, if any does.
--
-- param since_us BIGINT      first instant of the period
-- param until_us BIGINT      first instant after the period
-- param within_us BIGINT     longest time from the stage before
-- param window_us BIGINT     longest time from the entry
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
with later as (
  select person_key, ts_us
  from second_events
  where started_us >= getvariable('until_us')
    and ts_us < getvariable('read_until_us')
)
select
  2 as position,
  later.person_key,
  later.ts_us,
  last.started_us,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from later
join (
  select person_key, max(ts_us) as started_us
  from stage_events
  where position = 1
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
    and person_key in (select person_key from later)
  group by person_key
) as last on last.person_key = later.person_key
where later.ts_us - last.started_us <= getvariable('within_us')
  and later.ts_us - last.started_us <= getvariable('window_us')
