-- Everybody who bought: when first, whether in the period, and whether a window has passed since.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after it
-- returns person_key BIGINT, bought_us BIGINT, in_period BOOLEAN, mature BOOLEAN
select
  person_key,
  ts_us as bought_us,
  ts_us >= getvariable('since_us') and ts_us < getvariable('until_us') as in_period,
  ts_us <= (select as_of_us - window_us from observed) as mature
from purchases
where number = 1
