-- How long people took to each stage from the one before, in seconds; p90 is interpolated linearly.
--
-- Segment 0 is everybody; `segments` has the people of the rows of a breakdown.
--
-- returns segment INTEGER, position INTEGER, mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE
with laps as (
  select 0 as segment, position, ts_us - previous_us as lap_us
  from journeys
  where previous_us is not null
  union all
  select segments.segment, journeys.position, journeys.ts_us - journeys.previous_us as lap_us
  from journeys
  join segments on segments.person_key = journeys.person_key
  where journeys.previous_us is not null
)
select
  segment,
  position,
  sum(lap_us) / count(lap_us) / 1e6 as mean_seconds,
  median(lap_us) / 1e6 as median_seconds,
  quantile_cont(lap_us, 0.9) / 1e6 as p90_seconds
from laps
group by segment, position
