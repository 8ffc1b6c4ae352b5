-- Instants with too few events for all the stages that claim them, of every entrant: those of the
-- person.
--
-- returns person_key BIGINT, ts_us BIGINT, stages BIGINT, events BIGINT
select entrants.entrant_key as person_key, unmet.ts_us, unmet.stages, unmet.events
from unmet
join entrants on entrants.person_key = unmet.person_key
