-- The funnel of each bucket: people with an entry in it who reached each stage from there.
--
-- A bucket is mature when the window of its last possible entry is over (null: no window).
--
-- param until_us BIGINT   first instant after the period
-- returns bucket INTEGER, day DATE, position INTEGER, stage VARCHAR, users BIGINT, step_rate DOUBLE, total_rate DOUBLE, mature BOOLEAN
with depths as (
  select entrants.bucket, chosen.reached, count(*) as people
  from chosen
  join entrants on entrants.entrant_key = chosen.person_key
  group by entrants.bucket, chosen.reached
),
counts as (
  select
    buckets.bucket, buckets.day, stages.position, stages.stage,
    cast(coalesce(sum(depths.people), 0) as bigint) as users,
    least(buckets.end_us, getvariable('until_us')) - 1 <= (select mature_us from maturity) as mature
  from buckets
  cross join stages
  left join depths on depths.bucket = buckets.bucket and depths.reached >= stages.position
  group by buckets.bucket, buckets.day, buckets.end_us, stages.position, stages.stage
)
select
  bucket,
  day,
  position,
  stage,
  users,
  users / nullif(lag(users) over stage_order, 0) as step_rate,
  users / nullif(first_value(users) over stage_order, 0) as total_rate,
  mature
from counts
window stage_order as (partition by bucket order by position)
order by bucket, position
