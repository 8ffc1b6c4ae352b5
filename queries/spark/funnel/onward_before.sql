-- Events of one stage from which the next one can be reached in time and then the end.
--
-- `needs` is the first stage that the run through a contested instant may have begun with, in
-- the way on that asks least: to leave at a later instant, or to take the next stage at this one.
--
-- For Spark: there is no ASOF join everywhere; a running minimum finds the same.
--
-- param position INTEGER   the stage
-- param min_gap_us BIGINT  shortest time to the next stage
-- param within_us BIGINT   longest time to the next stage
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, needs INTEGER, floor_us BIGINT
with event as (
  select distinct alive.position, alive.person_key, alive.ts_us, alive.run_from, alive.floor_us
  from alive
  join chosen on chosen.person_key = alive.person_key and chosen.reached > alive.position
  where alive.position = getvariable('position')
),
line as (
  select person_key, ts_us + greatest(getvariable('min_gap_us'), 1) as at_us, true as is_event,
    ts_us, run_from, floor_us
  from event
  union all
  select person_key, ts_us as at_us, false as is_event, ts_us, 0 as run_from, floor_us
  from onward
  where position = getvariable('position') + 1 and needs <= getvariable('position') + 1
),
met as (
  select person_key, is_event, ts_us, run_from, floor_us,
    min(case when not is_event then struct(ts_us, floor_us) end) over (
      partition by person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as next
  from line
),
leaving as (
  select person_key, ts_us, run_from as needs, floor_us
  from met
  where is_event
    and ts_us >= next.floor_us
    and next.ts_us - ts_us <= getvariable('within_us')
),
staying as (
  select event.person_key, event.ts_us, next.needs, event.floor_us
  from event
  join onward as next
    on next.position = getvariable('position') + 1
    and next.person_key = event.person_key
    and next.ts_us = event.ts_us
  where getvariable('min_gap_us') = 0
)
select getvariable('position') as position, person_key, ts_us, min(needs) as needs, floor_us
from (select * from leaving union all select * from staying)
group by person_key, ts_us, floor_us
