-- Whether each person did the next stage at or after their first event of a row, and in time.
--
-- One event fills one stage: where the first event is the only one of both stages at its instant,
-- a later one is needed. `went_on` is null where no stage comes next; `open` says that the time
-- for it is not over yet.
--
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns lane INTEGER, by_kind BOOLEAN, person_key INTEGER, position INTEGER, events BIGINT, went_on BOOLEAN, open BOOLEAN
with following as (
  select person_key, position, ts_us, count(*) as events
  from stage_events
  where ts_us < getvariable('read_until_us')
  group by person_key, position, ts_us
),
starting as (
  select
    lane_touches.*,
    onward_limits.next_position,
    onward_limits.within_us,
    lane_touches.first_us + greatest(
      onward_limits.min_gap_us,
      cast(
        not onward_limits.reuse
        and lane_touches.at_first = 1
        and lane_touches.shared_at_first = 1
        and coalesce(following.events, 0) = 1
        as integer
      )
    ) as from_us
  from lane_touches
  left join onward_limits on onward_limits.position = lane_touches.position
  left join following
    on following.person_key = lane_touches.person_key
    and following.position = onward_limits.next_position
    and following.ts_us = lane_touches.first_us
)
select
  starting.lane,
  starting.by_kind,
  starting.person_key,
  starting.position,
  starting.events,
  if(
    starting.next_position is null, null,
    coalesce(following.ts_us - starting.first_us <= starting.within_us, false)
  ) as went_on,
  starting.next_position is not null
    and starting.first_us + observed.window_us > observed.as_of_us as open
from starting
cross join observed
asof left join following
  on following.person_key = starting.person_key
  and following.position = starting.next_position
  and following.ts_us >= starting.from_us
