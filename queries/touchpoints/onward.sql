-- What each person did of each stage in the period, by row of the tables and kind of channel: how
-- many events, the first instant, and when the next stage was done for the first time after it;
-- null: not any more.
--
-- Whatever touches are put together later: the earliest of what followed each of them is what
-- followed the earliest of them.
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
touches as (
  select
    counted.*,
    greatest(
      counted.from_us, counted.first_us + coalesce(onward_limits.min_gap_us, 0)
    ) as earliest_us,
    onward_limits.next_position
  from counted
  left join onward_limits on onward_limits.position = counted.position
),
following as (
  select person_key, position, ts_us
  from stage_events
  where ts_us < getvariable('read_until_us')
    and position in (select next_position from onward_limits)
),
spans as (
  select person_key, position, min(ts_us) as first_us, max(ts_us) as last_us
  from following
  group by person_key, position
),
placed as materialized (
  -- most did the next stage once or never, and its first and last time say what followed
  select
    touches.person_key,
    touches.position,
    touches.lane,
    touches.kind_lane,
    touches.events,
    touches.first_us,
    touches.earliest_us,
    touches.next_position,
    if(spans.first_us >= touches.earliest_us, spans.first_us, null) as next_us,
    coalesce(
      spans.first_us < touches.earliest_us and spans.last_us >= touches.earliest_us, false
    ) as amid
  from touches
  left join spans
    on spans.person_key = touches.person_key and spans.position = touches.next_position
)
select person_key, position, lane, kind_lane, events, first_us, next_us
from placed
where not amid
union all
select
  placed.person_key,
  placed.position,
  placed.lane,
  placed.kind_lane,
  placed.events,
  placed.first_us,
  min(following.ts_us) as next_us
from placed
join following
  on following.person_key = placed.person_key
  and following.position = placed.next_position
  and following.ts_us >= placed.earliest_us
where placed.amid
group by
  placed.person_key, placed.position, placed.lane, placed.kind_lane, placed.events,
  placed.first_us
