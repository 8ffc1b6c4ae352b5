-- Excluding events of every track: those of the person.
--
-- returns person_key BIGINT, ts_us BIGINT, exclusion INTEGER
select tracks.track_key as person_key, excluding.ts_us, excluding.exclusion
from excluding
join tracks on tracks.person_key = excluding.person_key
