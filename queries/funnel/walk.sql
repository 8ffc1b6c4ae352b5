-- The next stage of every chosen attempt that has one: the earliest event that still leads to its end.
--
-- `run` is the first stage at this instant. Who stays at one goes on only with an event whose `needs`
-- is not after it. That nothing lies between is not looked for in strict order: there is a way on, and
-- of two events the earlier one has no later floor.
--
-- param position INTEGER   the stage to walk to
-- param min_gap_us BIGINT  shortest time from the stage before
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, run INTEGER
with next as (
  select here.person_key, here.ts_us as previous_us, here.run, min(ahead.ts_us) as ts_us
  from journeys as here
  join onward as ahead
    on ahead.person_key = here.person_key
    and ahead.ts_us >= here.ts_us + getvariable('min_gap_us')
  where here.position = getvariable('position') - 1
    and ahead.position = getvariable('position')
    and ahead.needs <= if(ahead.ts_us = here.ts_us, here.run, getvariable('position'))
  group by here.person_key, here.ts_us, here.run
)
select
  getvariable('position') as position, person_key, ts_us, previous_us,
  if(ts_us = previous_us, run, getvariable('position')) as run
from next
