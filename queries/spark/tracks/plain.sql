-- Whoever is followed: each person once for every value that their stage events carry, where stages
-- take all events that match them.
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
  join (
    select distinct event, passed
    from matches
    where getvariable('position') in (0, position)
  ) as kinds
    on kinds.event = scope.event and kinds.passed = scope.passed
  join people on people.user_id = scope.user_id
  where scope.carried <> ''
    and scope.ts_us >= getvariable('since_us')
    and scope.ts_us < getvariable('read_until_us')
)
