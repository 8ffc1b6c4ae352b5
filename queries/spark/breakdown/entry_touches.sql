-- The value of each dimension at the entry of a person's chosen attempt.
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- For Spark: lists and structs are written otherwise.
--
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
with shown as (
  select person_key, cast(place + 1 as integer) as dimension, value
  from entry_events
  lateral view posexplode(by_values) as place, value
  where enters
)
select person_key, dimension, min(value) as value
from shown
where value <> ''
group by person_key, dimension
