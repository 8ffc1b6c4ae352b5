-- The new stage events of a model, to be kept with the database: by stage, person and time.
--
-- returns model INTEGER, position INTEGER, person_key BIGINT, ts_us BIGINT, run_from INTEGER, channel VARCHAR
select model, position, person_key, ts_us, run_from, channel
from new_events
order by position, person_key, ts_us
