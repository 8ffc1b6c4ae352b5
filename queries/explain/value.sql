-- The value that the chosen attempt of the person holds; no row if there is no attempt.
--
-- returns value VARCHAR
select tracks.value
from best
join tracks on tracks.track_key = best.track_key
