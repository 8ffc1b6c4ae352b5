-- Events of the second stage of the people at hand, each with the latest entry at or before it, to
-- be kept with the database.
--
-- Contested instants are left to the question.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT
select
  getvariable('model') as model,
  event.person_key,
  event.ts_us,
  before.ts_us as started_us
from (
  select person_key, ts_us
  from compact_events
  where model = getvariable('model')
    and position = 2
    and run_from = 0
    and person_key in (select person_key from renewed)
) as event
asof join (
  select person_key, ts_us
  from compact_events
  where model = getvariable('model')
    and position = 1
    and person_key in (select person_key from renewed)
) as before
  on event.person_key = before.person_key and event.ts_us >= before.ts_us
order by event.person_key, event.ts_us
