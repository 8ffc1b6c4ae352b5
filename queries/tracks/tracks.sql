-- Whoever is followed: each person once for every value that their stage events carry.
--
-- param position INTEGER     the stage whose events say the values; 0 is any
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns track_key BIGINT, person_key BIGINT, value VARCHAR
select cast(row_number() over () as integer) as track_key, person_key, value
from (
  select distinct carried.person_key, carried.value
  from carried
  join matches
    on matches.event = carried.event
    and matches.passed = carried.passed
    and getvariable('position') in (0, matches.position)
  semi join stage_events
    on stage_events.person_key = carried.person_key
    and stage_events.ts_us = carried.ts_us
    and stage_events.position = matches.position
  where carried.value <> ''
    and carried.ts_us >= getvariable('since_us')
    and carried.ts_us < getvariable('read_until_us')
)
