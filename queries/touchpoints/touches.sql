-- What each person did of each stage in the period, by row of the tables and kind of channel: how
-- many events, the first instant, and from when on the next stage may follow.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key INTEGER, position INTEGER, lane INTEGER, kind_lane INTEGER, events BIGINT, first_us BIGINT, from_us BIGINT
with counted as (
  select
    touch_events.person_key,
    touch_events.position,
    channels.lane,
    channels.kind_lane,
    count(*) as events,
    min(touch_events.ts_us) as first_us,
    min(touch_events.from_us) as from_us
  from touch_events
  join channels on channels.channel is not distinct from touch_events.channel
  where touch_events.ts_us >= getvariable('since_us')
    and touch_events.ts_us < getvariable('until_us')
  group by touch_events.person_key, touch_events.position, channels.lane, channels.kind_lane
)
select
  counted.person_key,
  counted.position,
  counted.lane,
  counted.kind_lane,
  counted.events,
  counted.first_us,
  greatest(
    counted.from_us, counted.first_us + coalesce(onward_limits.min_gap_us, 0)
  ) as from_us
from counted
left join onward_limits on onward_limits.position = counted.position
