-- The kept stage events of one model.
--
-- param model INTEGER  number of the model
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, run_from INTEGER
select person_key, ts_us, position, run_from
from compact_events
where model = getvariable('model')
