-- Events of the second stage that an attempt can reach, with the latest entry that reaches them, as
-- `funnel/advance` finds it. The latest entry of all is the one, unless the period ends before it:
-- see `funnel/second_later`.
--
-- param since_us BIGINT      first instant of the period
-- param until_us BIGINT      first instant after the period
-- param within_us BIGINT     longest time from the stage before
-- param window_us BIGINT     longest time from the entry
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select
  2 as position,
  person_key,
  ts_us,
  started_us,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from second_events
where started_us >= getvariable('since_us')
  and started_us < getvariable('until_us')
  and ts_us < getvariable('read_until_us')
  and ts_us - started_us <= getvariable('within_us')
  and ts_us - started_us <= getvariable('window_us')
