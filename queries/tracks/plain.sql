-- Whoever is followed: each person once for every value that their stage events carry, where stages
-- take all events that match them.
--
-- param position INTEGER     the stage whose events say the values; 0 is any
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns track_key BIGINT, person_key BIGINT, value VARCHAR
select cast(row_number() over () as integer) as track_key, person_key, value
from (
  select distinct carried.person_key, carried.value
  from carried
  join (
    select distinct event, passed
    from matches
    where getvariable('position') in (0, position)
  ) as kinds
    on kinds.event = carried.event and kinds.passed = carried.passed
  where carried.value <> ''
    and carried.ts_us >= getvariable('since_us')
    and carried.ts_us < getvariable('read_until_us')
)
