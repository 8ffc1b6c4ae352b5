-- The earliest event of one stage inside the window of each opening.
--
-- param position INTEGER     the stage
-- param window_us BIGINT     longest time from the opening
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, opened_us BIGINT, position INTEGER, ts_us BIGINT
select opening.person_key, opening.ts_us as opened_us, event.position, event.ts_us
from alive as opening
asof join (
  select person_key, ts_us, position
  from attempt_events
  where position = getvariable('position') and ts_us < getvariable('read_until_us')
) as event
  on event.person_key = opening.person_key and opening.ts_us <= event.ts_us
where event.ts_us - opening.ts_us <= getvariable('window_us')
