-- The row of a breakdown that each track is counted in, with a key for the person in this row: that
-- of the track, of several in the row of the folded values that of the first.
--
-- For Spark: lists count from 0.
--
-- returns track_key BIGINT, segment INTEGER, row_key BIGINT
with placed as (
  select tracks.track_key, tracks.person_key, ranks.segment, ranks.other
  from tracks
  join ranks on ranks.by_values[0] = tracks.value
)
select track_key, segment, track_key as row_key
from placed
where not other
union all
select track_key, segment, min(track_key) over (partition by person_key) as row_key
from placed
where other
