-- Who did which stage at all, in any order, among the events that the funnel may read.
--
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns position INTEGER, person_key INTEGER
select distinct position, person_key
from stage_events
where ts_us >= getvariable('since_us') and ts_us < getvariable('read_until_us')
