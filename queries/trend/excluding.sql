-- Excluding events of every entrant: those of the person.
--
-- returns person_key BIGINT, ts_us BIGINT, exclusion INTEGER
select entrants.entrant_key as person_key, excluding.ts_us, excluding.exclusion
from excluding
join entrants on entrants.person_key = excluding.person_key
