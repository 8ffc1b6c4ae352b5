-- One stage of every chosen attempt that takes it: the earliest event from which the attempt can
-- still come to its end with as many optional stages.
--
-- param position INTEGER      the stage to walk to
-- param worth INTEGER         1 if it is optional, else 0
-- param min_gap_us BIGINT     shortest time from the stage before
-- param within_us BIGINT      longest time from the stage before
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, held BIGINT, ahead INTEGER
with last as (
  select journeys.person_key, max(journeys.position) as position
  from journeys
  join chosen
    on chosen.person_key = journeys.person_key
    and chosen.reached >= getvariable('position')
  group by journeys.person_key
),
here as (
  select
    journeys.person_key, journeys.ts_us, journeys.held,
    journeys.ts_us + greatest(getvariable('min_gap_us'), 1) as earliest_us,
    journeys.ahead - getvariable('worth') as ahead
  from journeys
  join last on last.person_key = journeys.person_key and last.position = journeys.position
  where journeys.ahead >= getvariable('worth')
),
next as (
  select person_key, ts_us, held, ahead
  from ways
  where position = getvariable('position')
),
staying as (
  select distinct here.person_key, here.ts_us, here.ts_us as previous_us, next.held, next.ahead
  from here
  join next
    on next.person_key = here.person_key
    and next.ts_us = here.ts_us
    and next.ahead = here.ahead
    and next.held = if(
      next.held = 0, 0, here.held | (cast(1 as bigint) << (getvariable('position') - 1))
    )
  where getvariable('min_gap_us') = 0
),
leaving as (
  select here.person_key, next.ts_us, here.ts_us as previous_us, next.held, next.ahead
  from here
  asof join (
    select distinct person_key, ts_us, held, ahead
    from next
    where held in (0, cast(1 as bigint) << (getvariable('position') - 1))
  ) as next
    on next.person_key = here.person_key
    and next.ahead = here.ahead
    and here.earliest_us <= next.ts_us
  where next.ts_us - here.ts_us <= getvariable('within_us')
    and here.person_key not in (select person_key from staying)
)
select getvariable('position') as position, person_key, ts_us, previous_us, held, ahead
from (select * from staying union all select * from leaving)
