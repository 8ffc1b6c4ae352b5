-- Per stage: who attempted it, who failed, who got it done after all.
--
-- Segment 0 is everybody; further segments are rows by a property of the failing event, in which
-- only failures count. Rates are fractions.
--
-- returns segment INTEGER, position INTEGER, stage VARCHAR, attempted BIGINT, done BIGINT, done_rate DOUBLE, immature BIGINT, mature_attempted BIGINT, mature_done BIGINT, mature_done_rate DOUBLE, failed BIGINT, never_done BIGINT, never_done_rate DOUBLE, immature_failed BIGINT
with cells as (
  select 0 as segment, position from friction_steps
  union
  select segment, position from outcomes
),
counts as (
  select
    cells.segment,
    cells.position,
    count(*) filter (where not outcomes.failed) as attempted,
    count(*) filter (where not outcomes.failed and outcomes.done) as done,
    count(*) filter (where not outcomes.failed and not outcomes.done and outcomes.open) as immature,
    count(*) filter (where not outcomes.failed and not outcomes.open) as mature_attempted,
    count(*) filter (where not outcomes.failed and not outcomes.open and outcomes.done)
      as mature_done,
    count(*) filter (where outcomes.failed) as failed,
    count(*) filter (where outcomes.failed and not outcomes.done) as never_done,
    count(*) filter (where outcomes.failed and not outcomes.done and outcomes.open)
      as immature_failed
  from cells
  left join outcomes
    on outcomes.segment = cells.segment and outcomes.position = cells.position
  group by cells.segment, cells.position
)
select
  counts.segment,
  counts.position,
  stages.stage,
  counts.attempted,
  counts.done,
  counts.done / nullif(counts.attempted, 0) as done_rate,
  counts.immature,
  counts.mature_attempted,
  counts.mature_done,
  counts.mature_done / nullif(counts.mature_attempted, 0) as mature_done_rate,
  counts.failed,
  counts.never_done,
  counts.never_done / nullif(counts.failed, 0) as never_done_rate,
  counts.immature_failed
from counts
join stages on stages.position = counts.position
order by counts.segment, counts.position
