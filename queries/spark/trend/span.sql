-- First and last entry of the period; null where nobody entered.
--
-- For Spark: make_timestamp is called timestamp_micros.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns first TIMESTAMP, last TIMESTAMP
select timestamp_micros(min(ts_us)) as first, timestamp_micros(max(ts_us)) as last
from stage_events
where (position = 1 or getvariable('any_stage'))
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('until_us')
