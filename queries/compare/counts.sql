-- The people that a comparison counts, segment by segment and stage by stage: those of mature entries
-- where there is a window, else all.
--
-- Segment 0 is everybody; `segments` has the people of the rows of a breakdown. `entered` are all who
-- did, mature or not; `entrants` those that count, at whatever stage; `could` are those at the nearest
-- stage before that is not optional, and `came` those of them who are here.
--
-- returns segment INTEGER, position INTEGER, entered BIGINT, entrants BIGINT, users BIGINT, could BIGINT, came BIGINT
with counted as (
  select person_key, stages
  from taken
  where (select mature_us from maturity) is null
  union all
  select person_key, stages
  from matured
  where (select mature_us from maturity) is not null
),
kinds as (
  select 0 as segment, stages, count(*) as people
  from counted
  group by stages
  union all
  select segments.segment, counted.stages, count(*) as people
  from counted
  join segments on segments.person_key = counted.person_key
  group by segments.segment, counted.stages
),
everybody as (
  select 0 as segment, count(*) as people
  from taken
  union all
  select segments.segment, count(*) as people
  from taken
  join segments on segments.person_key = taken.person_key
  group by segments.segment
),
cells as (
  select
    known.segment,
    stages.position,
    cast(1 as bigint) << (stages.position - 1) as here,
    cast(1 as bigint) << (stages.before_position - 1) as before
  from (select 0 as segment union select segment from segments) as known
  cross join stages
)
select
  cells.segment,
  cells.position,
  coalesce(max(everybody.people), 0) as entered,
  cast(coalesce(sum(kinds.people), 0) as bigint) as entrants,
  cast(coalesce(sum(kinds.people) filter (where kinds.stages & cells.here > 0), 0) as bigint) as users,
  cast(coalesce(sum(kinds.people) filter (where kinds.stages & cells.before > 0), 0) as bigint) as could,
  cast(coalesce(
    sum(kinds.people) filter (where kinds.stages & cells.here > 0 and kinds.stages & cells.before > 0), 0
  ) as bigint) as came
from cells
left join kinds on kinds.segment = cells.segment
left join everybody on everybody.segment = cells.segment
group by cells.segment, cells.position
order by segment, position
