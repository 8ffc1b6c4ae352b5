-- How far anybody could come at most: the last stage that they have an event of.
--
-- returns person_key BIGINT, position INTEGER
select person_key, max(position) as position
from attempt_events
group by person_key
