-- One stage of every chosen attempt that takes it: the earliest event from which the attempt can
-- still come to its end with as many optional stages.
--
-- For Spark: there is no ASOF join everywhere; a running minimum finds the same.
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
line as (
  select person_key, ahead, earliest_us as at_us, ts_us as previous_us, true as is_here,
    cast(null as bigint) as ts_us, cast(null as bigint) as held
  from here
  union all
  select person_key, ahead, ts_us as at_us, cast(null as bigint) as previous_us, false as is_here,
    ts_us, held
  from next
  where held in (0, cast(1 as bigint) << (getvariable('position') - 1))
),
met as (
  select person_key, ahead, previous_us, is_here,
    min(case when not is_here then struct(ts_us, held) end) over (
      partition by person_key, ahead
      order by at_us desc
      range between unbounded preceding and current row
    ) as next
  from line
),
leaving as (
  select person_key, next.ts_us, previous_us, next.held, ahead
  from met
  where is_here
    and next.ts_us - previous_us <= getvariable('within_us')
    and not exists (select 1 from staying where staying.person_key = met.person_key)
)
select getvariable('position') as position, person_key, ts_us, previous_us, held, ahead
from (select * from staying union all select * from leaving)
