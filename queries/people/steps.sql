-- When people reached each stage, and how long that took from the stage before.
--
-- returns person_key BIGINT, position INTEGER, ts TIMESTAMP, seconds DOUBLE
select
  person_key,
  position,
  make_timestamp(ts_us) as ts,
  (ts_us - previous_us) / 1e6 as seconds
from journeys
