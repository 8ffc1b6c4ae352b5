-- Events and people of each stage in each row, and how many of them went on to the next stage in
-- time: rows of channels, and rows of kinds of channels.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. Rates are fractions, null
-- where no stage comes next.
--
-- param top INTEGER  how many channels keep a row of their own
-- returns segment INTEGER, by_kind BOOLEAN, lane INTEGER, position INTEGER, stage VARCHAR, channel VARCHAR, channel_other BOOLEAN, kind VARCHAR, events BIGINT, people BIGINT, onward BIGINT, onward_rate DOUBLE, immature BIGINT, mature_people BIGINT, mature_onward BIGINT, mature_onward_rate DOUBLE
with labels as (
  select distinct
    false as by_kind, lane, if(other, null, channel) as channel, other, if(other, null, kind) as kind
  from channels
  union all
  select distinct
    true as by_kind, kind_lane as lane, null as channel, false as other, kind
  from channels
),
rows_of_people as (
  -- channels that share a row may be of several kinds; any other has one row a person and stage
  select false as by_kind, lane, person_key, position, events, first_us, next_us
  from onward
  where lane <> getvariable('top') + 1
  union all
  select
    false as by_kind, lane, person_key, position,
    sum(events) as events, min(first_us) as first_us, min(next_us) as next_us
  from onward
  where lane = getvariable('top') + 1
  group by lane, person_key, position
  union all
  select
    true as by_kind, kind_lane as lane, person_key, position,
    sum(events) as events, min(first_us) as first_us, min(next_us) as next_us
  from onward
  group by kind_lane, person_key, position
),
judged as (
  select
    rows_of_people.by_kind,
    rows_of_people.lane,
    rows_of_people.person_key,
    rows_of_people.position,
    rows_of_people.events,
    coalesce(
      rows_of_people.next_us - rows_of_people.first_us <= onward_limits.within_us, false
    ) as went_on,
    rows_of_people.first_us + observed.window_us > observed.as_of_us as open
  from rows_of_people
  cross join observed
  left join onward_limits on onward_limits.position = rows_of_people.position
),
counts as (
  select
    segments.segment,
    judged.by_kind,
    judged.lane,
    judged.position,
    cast(sum(judged.events) as bigint) as events,
    count(*) as people,
    count(*) filter (where judged.went_on) as onward,
    count(*) filter (where judged.open and not judged.went_on) as immature,
    count(*) filter (where not judged.open) as mature_people,
    count(*) filter (where not judged.open and judged.went_on) as mature_onward
  from judged
  join segments on segments.person_key = judged.person_key
  group by segments.segment, judged.by_kind, judged.lane, judged.position
)
select
  counts.segment,
  counts.by_kind,
  counts.lane,
  counts.position,
  stages.stage,
  labels.channel,
  labels.other as channel_other,
  labels.kind,
  counts.events,
  counts.people,
  if(onward_limits.position is null, null, counts.onward) as onward,
  if(onward_limits.position is null, null, counts.onward / counts.people) as onward_rate,
  if(onward_limits.position is null, null, counts.immature) as immature,
  if(onward_limits.position is null, null, counts.mature_people) as mature_people,
  if(onward_limits.position is null, null, counts.mature_onward) as mature_onward,
  if(
    onward_limits.position is null, null,
    counts.mature_onward / nullif(counts.mature_people, 0)
  ) as mature_onward_rate
from counts
join stages on stages.position = counts.position
join labels on labels.lane = counts.lane and labels.by_kind = counts.by_kind
left join onward_limits on onward_limits.position = counts.position
order by counts.segment, counts.by_kind, counts.position, counts.lane
