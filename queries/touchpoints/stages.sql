-- Events and people of each stage in each row, and how many of them went on to the next stage.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. Rates are fractions, null
-- where no stage comes next.
--
-- returns segment INTEGER, by_kind BOOLEAN, lane INTEGER, position INTEGER, stage VARCHAR, channel VARCHAR, channel_other BOOLEAN, kind VARCHAR, events BIGINT, people BIGINT, onward BIGINT, onward_rate DOUBLE, immature BIGINT, mature_people BIGINT, mature_onward BIGINT, mature_onward_rate DOUBLE
with labels as (
  select distinct lane, false as by_kind, if(other, null, channel) as channel, other,
    if(other, null, kind) as kind
  from channels
  union all
  select distinct
    case kind when 'digital' then 1 when 'physical' then 2 else 3 end as lane,
    true as by_kind, null as channel, false as other, kind
  from channels
),
counts as (
  select
    segments.segment,
    onward.by_kind,
    onward.lane,
    onward.position,
    bool_or(onward.went_on is not null) as goes_on,
    cast(sum(onward.events) as bigint) as events,
    count(*) as people,
    count(*) filter (where onward.went_on) as onward,
    count(*) filter (where not onward.went_on and onward.open) as immature,
    count(*) filter (where not onward.open) as mature_people,
    count(*) filter (where not onward.open and onward.went_on) as mature_onward
  from onward
  join segments on segments.person_key = onward.person_key
  group by segments.segment, onward.by_kind, onward.lane, onward.position
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
  if(counts.goes_on, counts.onward, null) as onward,
  if(counts.goes_on, counts.onward / counts.people, null) as onward_rate,
  if(counts.goes_on, counts.immature, null) as immature,
  if(counts.goes_on, counts.mature_people, null) as mature_people,
  if(counts.goes_on, counts.mature_onward, null) as mature_onward,
  if(counts.goes_on, counts.mature_onward / nullif(counts.mature_people, 0), null)
    as mature_onward_rate
from counts
join stages on stages.position = counts.position
join labels on labels.lane = counts.lane and labels.by_kind = counts.by_kind
order by counts.segment, counts.by_kind, counts.position, counts.lane
