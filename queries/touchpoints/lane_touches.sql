-- What each person did of each stage through the channels of each row, first of all and in all.
--
-- returns lane INTEGER, by_kind BOOLEAN, person_key INTEGER, position INTEGER, events BIGINT, first_us BIGINT, at_first BIGINT, shared_at_first BIGINT
select
  lane,
  by_kind,
  person_key,
  position,
  cast(sum(events) as bigint) as events,
  min(first_us) as first_us,
  arg_min(at_first, first_us) as at_first,
  arg_min(shared_at_first, first_us) as shared_at_first
from (
  select
    lanes.lane,
    lanes.by_kind,
    channel_touches.person_key,
    channel_touches.position,
    channel_touches.first_us,
    cast(sum(channel_touches.events) as bigint) as events,
    cast(sum(channel_touches.at_first) as bigint) as at_first,
    cast(sum(channel_touches.shared_at_first) as bigint) as shared_at_first
  from channel_touches
  join lanes on lanes.channel is not distinct from channel_touches.channel
  group by
    lanes.lane, lanes.by_kind, channel_touches.person_key, channel_touches.position,
    channel_touches.first_us
)
group by lane, by_kind, person_key, position
