-- Whoever is followed: each person once for every value that their stage events carry.
--
-- For Spark: a track is called by its person and value, since to number all takes one machine.
--
-- param position INTEGER     the stage whose events say the values; 0 is any
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns track_key BIGINT, person_key BIGINT, value VARCHAR
select
  concat(cast(length(person_key) as string), ' ', person_key, value) as track_key,
  person_key,
  value
from (
  select distinct carried.person_key, carried.value
  from carried
  join matches
    on matches.event = carried.event
    and matches.passed = carried.passed
    and getvariable('position') in (0, matches.position)
  left semi join stage_events
    on stage_events.person_key = carried.person_key
    and stage_events.ts_us = carried.ts_us
    and stage_events.position = matches.position
  where carried.value <> ''
    and carried.ts_us >= getvariable('since_us')
    and carried.ts_us < getvariable('read_until_us')
)
