-- When each person did the next stage for the first time after a touch; null: not any more.
--
-- Whatever touches are put together later: the earliest of what followed each of them is what
-- followed the earliest of them.
--
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns person_key INTEGER, position INTEGER, lane INTEGER, kind_lane INTEGER, events BIGINT, first_us BIGINT, next_us BIGINT
with starting as (
  select touches.*, onward_limits.next_position
  from touches
  left join onward_limits on onward_limits.position = touches.position
),
following as (
  select person_key, position, ts_us
  from stage_events
  where ts_us < getvariable('read_until_us')
    and position in (select next_position from onward_limits)
)
select
  starting.person_key,
  starting.position,
  starting.lane,
  starting.kind_lane,
  starting.events,
  starting.first_us,
  following.ts_us as next_us
from starting
asof left join following
  on following.person_key = starting.person_key
  and following.position = starting.next_position
  and following.ts_us >= starting.from_us
