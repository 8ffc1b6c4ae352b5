-- The channel of the first and of the last touch of everybody who first bought in the period.
--
-- Touches are events of a stage at or before the first purchase, the history before the period
-- included, that came through a channel. The last one is one before the purchase; who has none is
-- counted by the purchase itself. Of touches at one instant the channel that sorts first counts.
--
-- For Spark: structs are written otherwise.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key INTEGER, first_touch VARCHAR, last_touch VARCHAR
with buyers as (
  select person_key, ts_us
  from purchases
  where number = 1
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
),
touches as (
  select
    buyers.person_key,
    touch_events.channel,
    touch_events.ts_us,
    touch_events.buys and touch_events.ts_us = buyers.ts_us as buying
  from buyers
  join touch_events
    on touch_events.person_key = buyers.person_key and touch_events.ts_us <= buyers.ts_us
  where touch_events.channel is not null
)
select
  buyers.person_key,
  min(struct(touches.ts_us, touches.channel))
    filter (where touches.channel is not null).channel as first_touch,
  min(struct(touches.buying, -touches.ts_us as later, touches.channel))
    filter (where touches.channel is not null).channel as last_touch
from buyers
left join touches on touches.person_key = buyers.person_key
group by buyers.person_key
