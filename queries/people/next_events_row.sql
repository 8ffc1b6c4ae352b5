-- The events of the stages that would have taken each person further, among those that the funnel may
-- read, where events of one instant count in the order of the file.
--
-- param next_since_us BIGINT first instant of the period
-- param next_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, position INTEGER, entered_us BIGINT, completed_us BIGINT, ts_us BIGINT, floor_us BIGINT, held BOOLEAN, own BOOLEAN
with last as (
  select journeys.person_key, journeys.held as row
  from journeys
  join chosen on chosen.person_key = journeys.person_key and chosen.reached = journeys.position
)
select
  event.person_key, event.position, awaited.entered_us, awaited.completed_us,
  event.ts_us, event.floor_us, true as held,
  coalesce(event.row = last.row, false) as own
from row_events as event
join awaited
  on awaited.person_key = event.person_key and awaited.position = event.position
left join last on last.person_key = event.person_key
where event.ts_us >= getvariable('next_since_us') and event.ts_us < getvariable('next_until_us')
