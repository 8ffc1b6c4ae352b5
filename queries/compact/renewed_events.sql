-- The kept events of the people in `renewed`, as `compact/stage_events` has those of everybody.
--
-- param kept_model INTEGER  number of the model
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select person_key, ts_us, position, run_from, cast(-4611686018427387904 as bigint) as floor_us
from compact_events
where model = getvariable('kept_model')
  and person_key in (select person_key from renewed)
