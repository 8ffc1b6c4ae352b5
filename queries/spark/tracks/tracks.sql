-- Whoever is followed: each person once for every value that their stage events carry.
--
-- For Spark: a track is called by its person and value, since to number all takes one machine.
--
-- param position INTEGER     the stage whose events say the values; 0 is any
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns track_key INTEGER, person_key INTEGER, value VARCHAR
select
  concat(cast(length(person_key) as string), ' ', person_key, value) as track_key,
  person_key,
  value
from (
  select distinct people.person_key, scope.carried as value
  from scope
  join matches
    on matches.event = scope.event
    and matches.passed = scope.passed
    and getvariable('position') in (0, matches.position)
  join people on people.user_id = scope.user_id
  left semi join stage_events
    on stage_events.person_key = people.person_key
    and stage_events.ts_us = scope.ts_us
    and stage_events.position = matches.position
  where scope.carried <> ''
    and scope.ts_us >= getvariable('since_us')
    and scope.ts_us < getvariable('read_until_us')
)
