-- The attempts of tracks that are alone in their row of a person: each is the best there.
--
-- returns track_key BIGINT, person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select
  chosen.person_key as track_key,
  track_rows.row_key as person_key,
  chosen.first_position, chosen.reached, chosen.entered_us, chosen.completed_us
from chosen
join track_rows on track_rows.track_key = chosen.person_key
where chosen.person_key not in (select track_key from rivals)
