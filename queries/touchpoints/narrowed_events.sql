-- The events that match a stage, where a stage takes only some of them (first_time, nth).
--
-- Of an n-th event there is one: of several at its instant that whose channel sorts first.
--
-- param numbered BIGINT  the stages that take an n-th event, as the sum of a bit a stage
-- returns person_key BIGINT, ts_us BIGINT, from_us BIGINT, position INTEGER, channel VARCHAR, buys BOOLEAN
with told as (
  select
    touch_events.person_key, touch_events.ts_us, touch_events.from_us, touch_events.position,
    touch_events.channel, touch_events.buys,
    row_number() over (
      partition by touch_events.person_key, touch_events.position, touch_events.ts_us
      order by touch_events.channel nulls last, touch_events.from_us, touch_events.buys
    ) as place
  from touch_events
  where exists (
    select 1
    from stage_events
    where stage_events.person_key = touch_events.person_key
      and stage_events.ts_us = touch_events.ts_us
      and stage_events.position = touch_events.position
  )
)
select person_key, ts_us, from_us, position, channel, buys
from told
where place = 1 or (cast(1 as bigint) << (position - 1)) & getvariable('numbered') = 0
