-- Which stages the person of each track did at all, whatever values the events carry.
--
-- returns person_key BIGINT, stages BIGINT
select tracks.track_key as person_key, ever.stages
from ever
join tracks on tracks.person_key = ever.person_key
