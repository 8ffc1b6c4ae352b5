-- The value of each track that did any stage, as the values of a breakdown.
--
-- For Spark: lists are written otherwise.
--
-- returns person_key INTEGER, by_values VARCHAR[]
select tracks.track_key as person_key, array(tracks.value) as by_values
from tracks
join ever on ever.person_key = tracks.track_key
