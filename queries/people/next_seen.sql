-- The latest event of the stages that would have taken each person further, among those that the
-- funnel may read, and whether one came in time but with something else between (strict order).
--
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- param window_us BIGINT     longest time from the entry
-- param within_us BIGINT     longest time from the stage before
-- returns person_key INTEGER, last_us BIGINT, interrupted BOOLEAN
select
  chosen.person_key,
  max(event.ts_us) as last_us,
  bool_or(
    event.floor_us > chosen.completed_us
    and event.ts_us - chosen.entered_us <= getvariable('window_us')
    and event.ts_us - chosen.completed_us <= getvariable('within_us')
  ) as interrupted
from chosen
join awaited on awaited.person_key = chosen.person_key
join stage_events as event
  on event.person_key = awaited.person_key and event.position = awaited.position
where event.ts_us >= getvariable('since_us') and event.ts_us < getvariable('read_until_us')
group by chosen.person_key
