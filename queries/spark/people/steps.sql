-- When the listed people reached each stage, and how long that took from the stage before.
--
-- For Spark: make_timestamp is called timestamp_micros.
--
-- returns person_key BIGINT, position INTEGER, ts TIMESTAMP, seconds DOUBLE
select
  person_key,
  position,
  timestamp_micros(ts_us) as ts,
  (ts_us - previous_us) / 1e6 as seconds
from journeys
where person_key in (select person_key from listed)
