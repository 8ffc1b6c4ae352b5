-- The funnel of each bucket: people with an entry in it who reached each stage from there.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown.
-- A row is mature when the bucket is over and so is the window of each of its entries (null: no window).
--
-- param until_us BIGINT    first instant after the period
-- param reach_us BIGINT    longest time from the entry to the last stage
-- param first_only BOOLEAN whether only the first entry of a person counts
-- returns segment INTEGER, bucket INTEGER, day DATE, position INTEGER, stage VARCHAR, users BIGINT, entrants BIGINT, could BIGINT, came BIGINT, step_rate DOUBLE, total_rate DOUBLE, mature BOOLEAN
with took as (
  select
    segments.segment,
    entrants.bucket,
    taken.stages,
    count(*) as people,
    max(if(getvariable('first_only'), entrants.first_us, entrants.last_us)) as entered_us
  from taken
  join entrants on entrants.entrant_key = taken.person_key
  join segments on segments.person_key = taken.person_key
  group by segments.segment, entrants.bucket, taken.stages
),
cells as (
  select
    known.segment, buckets.bucket, buckets.day, buckets.end_us, stages.position, stages.stage,
    cast(1 as bigint) << (stages.position - 1) as here,
    cast(1 as bigint) << (stages.before_position - 1) as before
  from (select 0 as segment union select segment from segments) as known
  cross join buckets
  cross join stages
),
counts as (
  select
    cells.segment, cells.bucket, cells.day, cells.position, cells.stage,
    cast(coalesce(sum(took.people), 0) as bigint) as entrants,
    cast(coalesce(sum(took.people) filter (where took.stages & cells.here > 0), 0) as bigint) as users,
    cast(coalesce(sum(took.people) filter (where took.stages & cells.before > 0), 0) as bigint) as could,
    cast(coalesce(
      sum(took.people) filter (where took.stages & cells.here > 0 and took.stages & cells.before > 0), 0
    ) as bigint) as came,
    -- the moment at which windows are judged lies so far after the latest mature entry
    greatest(
      least(cells.end_us, getvariable('until_us')) - 1 - getvariable('reach_us'), max(took.entered_us)
    ) <= (select mature_us from maturity) as mature
  from cells
  left join took on took.segment = cells.segment and took.bucket = cells.bucket
  group by cells.segment, cells.bucket, cells.day, cells.end_us, cells.position, cells.stage
)
select
  segment,
  bucket,
  day,
  position,
  stage,
  users,
  entrants,
  could,
  came,
  came / nullif(could, 0) as step_rate,
  users / nullif(entrants, 0) as total_rate,
  mature
from counts
order by segment, bucket, position
