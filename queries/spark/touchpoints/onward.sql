-- What each person did of each stage in the period, by row of the tables and kind of channel: how
-- many events, the first instant, and when the next stage was done for the first time after it;
-- null: not any more.
--
-- Whatever touches are put together later: the earliest of what followed each of them is what
-- followed the earliest of them.
--
-- For Spark: there is no ASOF join everywhere; a running minimum over both finds the same.
--
-- param since_us BIGINT       first instant of the period
-- param until_us BIGINT       first instant after the period
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns person_key BIGINT, position INTEGER, lane INTEGER, kind_lane INTEGER, events BIGINT, first_us BIGINT, next_us BIGINT
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
),
line as (
  select
    counted.person_key,
    onward_limits.next_position,
    greatest(
      counted.from_us, counted.first_us + coalesce(onward_limits.min_gap_us, 0)
    ) as at_us,
    cast(null as bigint) as following_us, true as asks, counted.position, counted.lane,
    counted.kind_lane, counted.events, counted.first_us
  from counted
  left join onward_limits on onward_limits.position = counted.position
  union all
  select
    person_key, position as next_position, ts_us as at_us, ts_us as following_us, false as asks,
    cast(null as integer) as position, cast(null as integer) as lane,
    cast(null as integer) as kind_lane, cast(null as bigint) as events,
    cast(null as bigint) as first_us
  from stage_events
  where ts_us < getvariable('read_until_us')
    and position in (select next_position from onward_limits)
),
met as (
  select *,
    min(following_us) over (
      partition by person_key, next_position
      order by at_us desc
      range between unbounded preceding and current row
    ) as next_us
  from line
)
select person_key, position, lane, kind_lane, events, first_us, next_us
from met
where asks
