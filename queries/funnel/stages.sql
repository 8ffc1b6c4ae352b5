-- The funnel: people who reached each stage in order, and what became of them.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. Rates are fractions,
-- times are seconds from the stage before. People who stopped at a stage are immature while the
-- window of their chosen entry is open; the mature figures are null where there is no window.
--
-- returns segment INTEGER, position INTEGER, stage VARCHAR, users BIGINT, ever BIGINT, dropped BIGINT, step_rate DOUBLE, total_rate DOUBLE, immature BIGINT, mature_entrants BIGINT, mature_users BIGINT, mature_total_rate DOUBLE, mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE
with cells as (
  select segments.segment, stages.position, stages.stage
  from (select 0 as segment union select segment from segments) as segments
  cross join stages
),
times as (
  select
    segments.segment,
    journeys.position,
    count(*) as users,
    sum(journeys.ts_us - journeys.previous_us) / count(*) / 1e6 as mean_seconds,
    median(journeys.ts_us - journeys.previous_us) / 1e6 as median_seconds,
    quantile_cont(journeys.ts_us - journeys.previous_us, 0.9) / 1e6 as p90_seconds
  from journeys
  join segments on segments.person_key = journeys.person_key
  group by segments.segment, journeys.position
),
did as (
  select kinds.segment, stages.position, cast(sum(kinds.people) as bigint) as ever
  from (
    select segments.segment, ever.stages, count(*) as people
    from ever
    join segments on segments.person_key = ever.person_key
    group by segments.segment, ever.stages
  ) as kinds
  join stages on kinds.stages & (cast(1 as bigint) << (stages.position - 1)) > 0
  group by kinds.segment, stages.position
),
waiting as (
  select segments.segment, chosen.reached as position, count(*) as immature
  from chosen
  join segments on segments.person_key = chosen.person_key
  where chosen.entered_us > (select mature_us from maturity)
    and chosen.reached < (select max(position) from stages)
  group by segments.segment, chosen.reached
),
ripe as (
  select segments.segment, matured.reached, count(*) as people
  from matured
  join segments on segments.person_key = matured.person_key
  group by segments.segment, matured.reached
),
counts as (
  select
    cells.segment,
    cells.position,
    cells.stage,
    coalesce(times.users, 0) as users,
    coalesce(did.ever, 0) as ever,
    coalesce(waiting.immature, 0) as immature,
    coalesce((
      select sum(ripe.people)
      from ripe
      where ripe.segment = cells.segment and ripe.reached >= cells.position
    ), 0) as mature_users,
    times.mean_seconds,
    times.median_seconds,
    times.p90_seconds
  from cells
  left join times on times.segment = cells.segment and times.position = cells.position
  left join did on did.segment = cells.segment and did.position = cells.position
  left join waiting on waiting.segment = cells.segment and waiting.position = cells.position
)
select
  segment,
  position,
  stage,
  users,
  ever,
  users - lead(users) over stage_order as dropped,
  users / nullif(lag(users) over stage_order, 0) as step_rate,
  users / nullif(first_value(users) over stage_order, 0) as total_rate,
  immature,
  cast(if((select mature_us from maturity) is null, null, first_value(mature_users) over stage_order)
    as bigint) as mature_entrants,
  cast(if((select mature_us from maturity) is null, null, mature_users) as bigint) as mature_users,
  if(
    (select mature_us from maturity) is null, null,
    mature_users / nullif(first_value(mature_users) over stage_order, 0)
  ) as mature_total_rate,
  mean_seconds,
  median_seconds,
  p90_seconds
from counts
window stage_order as (partition by segment order by position)
order by segment, position
