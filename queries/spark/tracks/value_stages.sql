-- Tracks that did any stage by their value, as those of a breakdown, and the stages they took, as a
-- sum of bits.
--
-- For Spark: lists are written otherwise.
--
-- returns by_values VARCHAR[], stages BIGINT, people BIGINT
select array(value) as by_values, stages, people
from (
  select tracks.value, coalesce(taken.stages, 0) as stages, count(*) as people
  from tracks
  left join taken on taken.person_key = tracks.track_key
  where tracks.track_key in (select person_key from ever)
  group by tracks.value, taken.stages
)
