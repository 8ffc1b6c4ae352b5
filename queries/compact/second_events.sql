-- The events of the second stage that follow an entry, each with the latest, as kept for one model.
--
-- param kept_model INTEGER  number of the model
-- returns person_key BIGINT, ts_us BIGINT, started_us BIGINT
select person_key, ts_us, started_us
from compact_second
where model = getvariable('kept_model')
