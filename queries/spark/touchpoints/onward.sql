-- When each person did the next stage for the first time after a touch; null: not any more.
--
-- Whatever touches are put together later: the earliest of what followed each of them is what
-- followed the earliest of them.
--
-- For Spark: there is no ASOF join everywhere; a running minimum over both finds the same.
--
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns person_key INTEGER, position INTEGER, lane INTEGER, kind_lane INTEGER, events BIGINT, first_us BIGINT, next_us BIGINT
with line as (
  select
    touches.person_key, onward_limits.next_position, touches.from_us as at_us,
    cast(null as bigint) as following_us, true as asks, touches.position, touches.lane,
    touches.kind_lane, touches.events, touches.first_us
  from touches
  left join onward_limits on onward_limits.position = touches.position
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
