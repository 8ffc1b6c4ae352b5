-- Entries of people of whom stages share an instant, as every one of these may count. `histories` and
-- `second_events` say enough of everybody else's.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select position, person_key, ts_us, ts_us as started_us, run_from, floor_us
from stage_events
where position = 1
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('until_us')
  and person_key in (select person_key from stage_events where run_from > 0)
