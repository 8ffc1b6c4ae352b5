-- The next stage of every chosen attempt: the earliest event that still leads to its end.
--
-- For Spark: there is no ASOF join everywhere; a person is at one place, so the earliest of all that lie ahead is found.
--
-- param position INTEGER   the stage to walk to
-- param min_gap_us BIGINT  shortest time from the stage before
-- returns position INTEGER, person_key INTEGER, ts_us BIGINT, previous_us BIGINT, run INTEGER
with here as (
  select
    journeys.person_key, journeys.ts_us, journeys.run,
    journeys.ts_us + greatest(getvariable('min_gap_us'), 1) as earliest_us
  from journeys
  join chosen on chosen.person_key = journeys.person_key
  where journeys.position = getvariable('position') - 1
    and chosen.reached >= getvariable('position')
),
ahead as (
  select person_key, ts_us, needs, floor_us
  from onward
  where position = getvariable('position')
),
staying as (
  select here.person_key, here.ts_us, here.ts_us as previous_us, here.run
  from here
  join ahead on ahead.person_key = here.person_key and ahead.ts_us = here.ts_us
  where ahead.needs <= here.run and getvariable('min_gap_us') = 0
),
leaving as (
  select here.person_key, here.ts_us as previous_us,
    min(struct(ahead.ts_us, ahead.floor_us)) as next
  from here
  join ahead on ahead.person_key = here.person_key and here.earliest_us <= ahead.ts_us
  where ahead.needs <= getvariable('position')
  group by here.person_key, here.ts_us
)
select getvariable('position') as position, person_key, ts_us, previous_us, run
from staying
union all
select getvariable('position') as position, leaving.person_key, leaving.next.ts_us,
  leaving.previous_us, getvariable('position') as run
from leaving
left anti join staying on staying.person_key = leaving.person_key
where leaving.previous_us >= leaving.next.floor_us
