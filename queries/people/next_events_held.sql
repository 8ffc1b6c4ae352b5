-- The events of the stages that would have taken each person further, among those that the funnel may
-- read, and whether each carries the value of the attempt that counts.
--
-- param next_since_us BIGINT first instant of the period
-- param next_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, position INTEGER, entered_us BIGINT, completed_us BIGINT, ts_us BIGINT, floor_us BIGINT, held BOOLEAN, own BOOLEAN
select
  awaited.person_key, awaited.position, awaited.entered_us, awaited.completed_us,
  whole.ts_us, whole.floor_us,
  coalesce(scope.carried = tracks.value, false) as held,
  false as own
from awaited
join best on best.person_key = awaited.person_key
join tracks on tracks.track_key = best.track_key
join whole_stage_events as whole
  on whole.person_key = awaited.person_key and whole.position = awaited.position
join scope on scope.person_key = awaited.person_key and scope.ts_us = whole.ts_us
join steps
  on steps.position = awaited.position
  and steps.event in (scope.event, '*')
  and scope.passed & steps.needs = steps.needs
where whole.ts_us >= getvariable('next_since_us') and whole.ts_us < getvariable('next_until_us')
