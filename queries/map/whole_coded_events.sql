-- All events in numbers, as `map/coded_events` has them, where ids are whole numbers: an id stands for
-- itself, and no two are alike.
--
-- param by_name BOOLEAN  whether events of one name are all of one kind: comparing names is quicker
-- returns person_key BIGINT, person_check BIGINT, ts_us BIGINT, kind INTEGER
select everything.plain_id as person_key, cast(0 as bigint) as person_check, everything.ts_us, kinds.kind
from everything
join kinds on kinds.event = everything.event
where getvariable('by_name')
  or (kinds.passed = everything.passed and kinds.inside = everything.inside)
