-- One stage of every chosen attempt that takes it: the earliest event from which the attempt can
-- still come to its end with as many optional stages.
--
-- param position INTEGER      the stage to walk to
-- param worth INTEGER         1 if it is optional, else 0
-- param reuse BOOLEAN         whether one event may fill several stages
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
    journeys.ahead - getvariable('worth') as ahead
  from journeys
  join last on last.person_key = journeys.person_key and last.position = journeys.position
)
select
  getvariable('position') as position,
  here.person_key, next.ts_us, here.ts_us as previous_us, next.held, next.ahead
from here
join ways as next
  on next.position = getvariable('position')
  and next.person_key = here.person_key
  and next.ahead = here.ahead
  and next.ts_us - here.ts_us between getvariable('min_gap_us') and getvariable('within_us')
  and (
    next.ts_us > here.ts_us
    or next.held > here.held
    or (getvariable('reuse') and next.held = here.held)
  )
qualify row_number() over (partition by here.person_key order by next.ts_us, next.held) = 1
