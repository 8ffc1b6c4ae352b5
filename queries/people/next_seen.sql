-- The latest event of the stage after the one that each person reached, among those the funnel
-- may read.
--
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key INTEGER, last_us BIGINT
select chosen.person_key, max(event.ts_us) as last_us
from chosen
join stage_events as event
  on event.person_key = chosen.person_key and event.position = chosen.reached + 1
where event.ts_us >= getvariable('since_us') and event.ts_us < getvariable('read_until_us')
group by chosen.person_key
