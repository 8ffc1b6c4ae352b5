-- The row of a breakdown that each track is counted in, with a key for the person in this row.
--
-- For Spark: a key is made of row and person, since to number all takes one machine.
--
-- returns track_key INTEGER, segment INTEGER, row_key INTEGER
select
  tracks.track_key,
  ranks.segment,
  concat(cast(ranks.segment as string), ' ', tracks.person_key) as row_key
from tracks
join person_values on person_values.person_key = tracks.track_key
join ranks on ranks.by_values = person_values.by_values
