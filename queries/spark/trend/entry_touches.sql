-- The value of each dimension at the entry of the attempt that counts in a bucket.
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- For Spark: lists and structs are written otherwise.
--
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns person_key INTEGER, dimension INTEGER, value VARCHAR
with matching as (
  select /*+ broadcast(matches) */ entrants.entrant_key, scope.by_values
  from scope
  join matches on scope.event = matches.event and scope.passed = matches.passed
  join entrants on entrants.person_key = scope.user_id
  join chosen
    on chosen.person_key = entrants.entrant_key
    and chosen.entered_us = scope.ts_us
    and (chosen.first_position = matches.position or getvariable('any_stage'))
),
shown as (
  select entrant_key, cast(place + 1 as integer) as dimension, value
  from matching
  lateral view posexplode(by_values) as place, value
)
select entrant_key as person_key, dimension, min(value) as value
from shown
where value <> ''
group by entrant_key, dimension
