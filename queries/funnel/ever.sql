-- Which stages each person did at all, in any order, among the events that the funnel may read:
-- the sum of a bit a stage, 1 for the first.
--
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, stages BIGINT
select person_key, bit_or(cast(1 as bigint) << (position - 1)) as stages
from stage_events
where ts_us >= getvariable('since_us') and ts_us < getvariable('read_until_us')
group by person_key
