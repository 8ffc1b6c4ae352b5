-- The events that match a stage, where a stage takes only some of them (first_time, nth).
--
-- returns person_key BIGINT, ts_us BIGINT, from_us BIGINT, position INTEGER, channel VARCHAR, buys BOOLEAN
select
  touch_events.person_key, touch_events.ts_us, touch_events.from_us, touch_events.position,
  touch_events.channel, touch_events.buys
from touch_events
semi join stage_events
  on stage_events.person_key = touch_events.person_key
  and stage_events.ts_us = touch_events.ts_us
  and stage_events.position = touch_events.position
