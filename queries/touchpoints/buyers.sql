-- The channel of the first and of the last touch of everybody who first bought in the period.
--
-- Touches are events of a stage at or before the first purchase, the history before the period
-- included, that came through a channel. The last one is one before the purchase; who has none is
-- counted by the purchase itself. Of touches at one instant the channel that sorts first counts.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key BIGINT, first_touch VARCHAR, last_touch VARCHAR
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
),
ends as (
  select
    person_key,
    min(ts_us) as first_us,
    max(ts_us) filter (where not buying) as last_us
  from touches
  group by person_key
),
named as (
  select
    touches.person_key,
    min(touches.channel) filter (where touches.ts_us = ends.first_us) as first_touch,
    coalesce(
      min(touches.channel) filter (where not touches.buying and touches.ts_us = ends.last_us),
      min(touches.channel) filter (where touches.buying)
    ) as last_touch
  from touches
  join ends on ends.person_key = touches.person_key
  group by touches.person_key
)
select buyers.person_key, named.first_touch, named.last_touch
from buyers
left join named on named.person_key = buyers.person_key
