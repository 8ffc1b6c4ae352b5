-- Events of one stage from which the chosen attempt can go on by a certain stage to its end, with
-- the most optional stages that it can still take that way.
--
-- param position INTEGER       the stage
-- param next_position INTEGER  the stage that comes next
-- param worth INTEGER          1 if that is optional, else 0
-- param reuse BOOLEAN          whether one event may fill several stages
-- param min_gap_us BIGINT      shortest time to it
-- param within_us BIGINT       longest time to it
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, held BIGINT, ahead INTEGER
with here as (
  select person_key, ts_us, held
  from nodes
  where position = getvariable('position')
),
next as (
  select person_key, ts_us, held, ahead
  from ways
  where position = getvariable('next_position')
),
line as (
  select person_key, ts_us, held, cast(null as integer) as ahead
  from here
  union all
  select person_key, ts_us, held, ahead
  from next
),
leaving as (
  select person_key, ts_us, held, ahead as own,
    max(ahead) over (
      partition by person_key
      order by ts_us
      range between greatest(getvariable('min_gap_us'), 1) following
        and getvariable('within_us') following
    ) as ahead
  from line
),
staying as (
  select here.person_key, here.ts_us, here.held, next.ahead
  from here
  join next
    on next.person_key = here.person_key
    and next.ts_us = here.ts_us
    and (next.held > here.held or (getvariable('reuse') and next.held = here.held))
  where getvariable('min_gap_us') = 0
)
select
  getvariable('position') as position,
  person_key, ts_us, held,
  cast(max(ahead) + getvariable('worth') as integer) as ahead
from (
  select person_key, ts_us, held, ahead from leaving where own is null and ahead is not null
  union all
  select person_key, ts_us, held, ahead from staying
)
group by person_key, ts_us, held
