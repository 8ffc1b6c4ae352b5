-- The stage events of people that carry the value of the attempt that counts.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select whole.person_key, whole.ts_us, whole.position, 0 as run_from, whole.floor_us
from whole_stage_events as whole
join best on best.person_key = whole.person_key
join tracks on tracks.track_key = best.track_key
join scope on scope.person_key = whole.person_key and scope.ts_us = whole.ts_us
join steps
  on steps.position = whole.position
  and steps.event in (scope.event, '*')
  and scope.passed & steps.needs = steps.needs
where scope.carried = tracks.value
