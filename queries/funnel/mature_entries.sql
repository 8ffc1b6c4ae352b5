-- Entries of the period whose window is over.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select position, person_key, ts_us, ts_us as started_us, run_from, floor_us
from attempt_events
where position = 1
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('until_us')
  and ts_us <= (select mature_us from maturity)
