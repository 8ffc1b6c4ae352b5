-- Instants that have one event of a stage which events of the stage before may fill too.
--
-- returns person_key BIGINT, position INTEGER, ts_us BIGINT
select person_key, position, ts_us
from stage_events
where position in (select shared_with from touch_kinds)
group by person_key, position, ts_us
having count(*) = 1
