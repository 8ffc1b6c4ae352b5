-- The events of every track, in the place of the events of people: those that match a stage, and where
-- others count too, all.
--
-- param own_values BOOLEAN  whether a track has only the events that carry its value
-- param everything BOOLEAN whether events of no stage count: they may lie between, or exclude
-- param bit BIGINT          what `passed` gains where an event carries the value of the track
-- returns user_id VARCHAR, event VARCHAR, ts TIMESTAMP, ts_us BIGINT, passed BIGINT, by_values VARCHAR[]
select
  cast(tracks.track_key as string) as user_id,
  scope.event,
  scope.ts,
  scope.ts_us,
  scope.passed + if(coalesce(scope.carried = tracks.value, false), getvariable('bit'), 0) as passed,
  scope.by_values
from scope
join people on people.user_id = scope.user_id
join tracks on tracks.person_key = people.person_key
where (not getvariable('own_values') or scope.carried = tracks.value)
  and (getvariable('everything') or (scope.event, scope.passed) in (select event, passed from matches))
