-- The funnel: people who reached each stage in order, and what became of them.
--
-- Segment 0 is everybody; `segments` has the people of the rows of a breakdown. Rates are fractions,
-- times are seconds from the stage before. `could` are the people of the nearest stage before that
-- is not optional, and `came` those of them who are here. People who stopped at a stage are
-- immature while the window of their chosen entry is open; the mature figures are null where there
-- is no window.
--
-- returns segment INTEGER, position INTEGER, stage VARCHAR, users BIGINT, ever BIGINT, dropped BIGINT, entrants BIGINT, could BIGINT, came BIGINT, step_rate DOUBLE, total_rate DOUBLE, immature BIGINT, mature_entrants BIGINT, mature_users BIGINT, mature_total_rate DOUBLE, mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE
with cells as (
  select
    segments.segment,
    stages.position,
    stages.stage,
    cast(1 as bigint) << (stages.position - 1) as here,
    cast(1 as bigint) << (stages.before_position - 1) as before,
    cast(1 as bigint) << (stages.after_position - 1) as after
  from (select 0 as segment union select segment from segments) as segments
  cross join stages
),
did as (
  select 0 as segment, stages, count(*) as people
  from ever
  group by stages
  union all
  select segments.segment, ever.stages, count(*) as people
  from ever
  join segments on segments.person_key = ever.person_key
  group by segments.segment, ever.stages
),
took as (
  select 0 as segment, stages, count(*) as people
  from taken
  group by stages
  union all
  select segments.segment, taken.stages, count(*) as people
  from taken
  join segments on segments.person_key = taken.person_key
  group by segments.segment, taken.stages
),
ripe as (
  select 0 as segment, stages, count(*) as people
  from matured
  group by stages
  union all
  select segments.segment, matured.stages, count(*) as people
  from matured
  join segments on segments.person_key = matured.person_key
  group by segments.segment, matured.stages
),
open as (
  select person_key, reached as position
  from chosen
  where entered_us > (select mature_us from maturity)
    and reached < (select max(position) from stages)
),
waiting as (
  select 0 as segment, position, count(*) as immature
  from open
  group by position
  union all
  select segments.segment, open.position, count(*) as immature
  from open
  join segments on segments.person_key = open.person_key
  group by segments.segment, open.position
),
numbers as (
  select
    cells.segment, cells.position,
    sum(took.people) as entrants,
    sum(took.people) filter (where took.stages & cells.here > 0) as users,
    sum(took.people) filter (where took.stages & cells.before > 0) as could,
    sum(took.people) filter (where took.stages & cells.here > 0 and took.stages & cells.before > 0)
      as came,
    sum(took.people) filter (where took.stages & cells.here > 0 and took.stages & cells.after > 0)
      as went
  from cells
  join took on took.segment = cells.segment
  group by cells.segment, cells.position
),
ripe_numbers as (
  select
    cells.segment, cells.position,
    sum(ripe.people) as entrants,
    sum(ripe.people) filter (where ripe.stages & cells.here > 0) as users
  from cells
  join ripe on ripe.segment = cells.segment
  group by cells.segment, cells.position
),
ever_numbers as (
  select cells.segment, cells.position, sum(did.people) as users
  from cells
  join did on did.segment = cells.segment and did.stages & cells.here > 0
  group by cells.segment, cells.position
),
counts as (
  select
    cells.segment,
    cells.position,
    cells.stage,
    cast(coalesce(numbers.users, 0) as bigint) as users,
    cast(coalesce(ever_numbers.users, 0) as bigint) as ever,
    cast(if(cells.after is null, null, coalesce(numbers.users, 0) - coalesce(numbers.went, 0))
      as bigint) as dropped,
    cast(coalesce(numbers.entrants, 0) as bigint) as entrants,
    cast(coalesce(numbers.could, 0) as bigint) as could,
    cast(coalesce(numbers.came, 0) as bigint) as came,
    coalesce(waiting.immature, 0) as immature,
    if(
      (select mature_us from maturity) is null, null,
      cast(coalesce(ripe_numbers.entrants, 0) as bigint)
    ) as mature_entrants,
    if(
      (select mature_us from maturity) is null, null,
      cast(coalesce(ripe_numbers.users, 0) as bigint)
    ) as mature_users,
    lap_times.mean_seconds,
    lap_times.median_seconds,
    lap_times.p90_seconds
  from cells
  left join numbers on numbers.segment = cells.segment and numbers.position = cells.position
  left join ripe_numbers
    on ripe_numbers.segment = cells.segment and ripe_numbers.position = cells.position
  left join ever_numbers
    on ever_numbers.segment = cells.segment and ever_numbers.position = cells.position
  left join waiting on waiting.segment = cells.segment and waiting.position = cells.position
  left join lap_times
    on lap_times.segment = cells.segment and lap_times.position = cells.position
)
select
  segment,
  position,
  stage,
  users,
  ever,
  dropped,
  entrants,
  could,
  came,
  came / nullif(could, 0) as step_rate,
  users / nullif(entrants, 0) as total_rate,
  immature,
  mature_entrants,
  mature_users,
  mature_users / nullif(mature_entrants, 0) as mature_total_rate,
  mean_seconds,
  median_seconds,
  p90_seconds
from counts
order by segment, position
