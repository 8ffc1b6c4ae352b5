-- Which stages each person did at all: the sum of a bit a stage, 1 for the first; and when the first of
-- them first.
--
-- returns person_key BIGINT, stages BIGINT, entered_us BIGINT
select
  person_key,
  bit_or(cast(1 as bigint) << (position - 1)) as stages,
  min(ts_us) filter (where position = 1) as entered_us
from stage_events
group by person_key
