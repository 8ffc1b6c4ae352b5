-- The stage events of a model, to be kept with the database: by stage, person and time.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, position INTEGER, person_key INTEGER, ts_us BIGINT, run_from INTEGER
select getvariable('model') as model, position, person_key, ts_us, run_from
from stage_events
order by position, person_key, ts_us
