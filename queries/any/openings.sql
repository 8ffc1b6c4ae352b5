-- Openings: the instants of the period at which a person did any stage; each may open a window.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select distinct
  1 as position, person_key, ts_us, ts_us as started_us, 0 as run_from, floor_us
from opening_events
where ts_us >= getvariable('since_us') and ts_us < getvariable('until_us')
