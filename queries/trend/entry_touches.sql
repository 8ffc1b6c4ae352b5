-- The value of each dimension at the entry of the attempt that counts in a bucket.
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns person_key INTEGER, dimension INTEGER, value VARCHAR
with matching as (
  select entrants.entrant_key, scope.by_values
  from scope
  join matches
    on scope.event = matches.event
    and scope.passed = matches.passed
  join people on people.user_id = scope.user_id
  join entrants on entrants.person_key = people.person_key
  join chosen
    on chosen.person_key = entrants.entrant_key
    and chosen.entered_us = epoch_us(scope.ts)
    and (chosen.first_position = matches.position or getvariable('any_stage'))
),
shown as (
  select
    entrant_key,
    cast(unnest(generate_series(1, len(by_values))) as integer) as dimension,
    unnest(by_values) as value
  from matching
)
select entrant_key as person_key, dimension, min(value) as value
from shown
where value <> ''
group by entrant_key, dimension
