-- The events of every track, in the place of the events of people.
--
-- param own_values BOOLEAN  whether a track has only the events that carry its value
-- param bit BIGINT          what `passed` gains where an event carries the value of the track
-- returns person_key BIGINT, user_id VARCHAR, plain_id VARCHAR, event VARCHAR, ts TIMESTAMP, ts_us BIGINT, passed BIGINT
select
  tracks.track_key as person_key,
  cast(tracks.track_key as string) as user_id,
  cast(tracks.track_key as string) as plain_id,
  carried.event,
  carried.ts,
  carried.ts_us,
  carried.passed + if(coalesce(carried.value = tracks.value, false), getvariable('bit'), 0) as passed
from carried
join tracks on tracks.person_key = carried.person_key
where not getvariable('own_values') or carried.value = tracks.value
