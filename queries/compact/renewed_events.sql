-- The stage events in `kept_events` of the people in `renewed`.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select person_key, ts_us, position, run_from, floor_us
from kept_events
where person_key in (select person_key from renewed)
