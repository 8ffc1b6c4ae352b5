-- The events in `second_events`, to be kept with the database: by person and time.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT
select getvariable('model') as model, person_key, ts_us, started_us
from second_events
order by person_key, ts_us
