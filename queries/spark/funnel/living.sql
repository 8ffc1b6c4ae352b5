-- What later stages have to look at: the events of people who got as far as one stage.
--
-- For Spark: a person is named once; Sail compares every event with each of the same person else, which of 100,000 events are billions of pairs.
--
-- param position INTEGER  the stage
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select person_key, ts_us, position, run_from, floor_us
from attempt_events
where position > getvariable('position')
  and person_key in (
    select distinct person_key from alive where position = getvariable('position')
  )
