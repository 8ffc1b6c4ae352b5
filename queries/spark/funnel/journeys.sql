-- Each chosen attempt: when the person reached each stage, and the stage before.
--
-- For Spark: make_timestamp is called timestamp_micros.
--
-- returns user_id VARCHAR, position INTEGER, stage VARCHAR, ts TIMESTAMP, previous TIMESTAMP
select
  people.user_id,
  journeys.position,
  stages.stage,
  timestamp_micros(journeys.ts_us) as ts,
  timestamp_micros(journeys.previous_us) as previous
from journeys
join people on people.person_key = journeys.person_key
join stages on stages.position = journeys.position
order by people.user_id, journeys.position
