-- Entries at one stage of those who may come further than they did from a stage before it.
--
-- Of two attempts that end at the same stage the one that began earlier has more stages; so nobody
-- is looked at whose `furthest` event is no further than what they reached.
--
-- param position INTEGER  the stage
-- param since_us BIGINT   first instant of the period
-- param until_us BIGINT   first instant after the period
-- param mature BOOLEAN    whether only entries count whose window is over
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
with so_far as (
  select person_key, max(reached) as reached
  from openings
  group by person_key
)
select
  event.position, event.person_key, event.ts_us, event.ts_us as started_us, event.run_from,
  event.floor_us
from opening_events as event
join furthest on furthest.person_key = event.person_key
left join so_far on so_far.person_key = event.person_key
where event.position = getvariable('position')
  and furthest.position > coalesce(so_far.reached, 0)
  and event.ts_us >= getvariable('since_us')
  and event.ts_us < getvariable('until_us')
  and (not getvariable('mature') or event.ts_us <= (select mature_us from maturity))
