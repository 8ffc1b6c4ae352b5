-- Instants with too few events for all the stages that claim them, of every entry that is followed:
-- those of the person.
--
-- param person BIGINT  the number of the person
-- returns person_key BIGINT, ts_us BIGINT, stages BIGINT, events BIGINT
select entries.person_key, unmet.ts_us, unmet.stages, unmet.events
from unmet
cross join (select distinct person_key from entry_events) as entries
where unmet.person_key = getvariable('person')
