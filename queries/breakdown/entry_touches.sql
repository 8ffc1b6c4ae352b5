-- The value of each dimension at the entry of a person's chosen attempt.
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
with shown as (
  select
    person_key,
    cast(unnest(generate_series(1, len(by_values))) as integer) as dimension,
    unnest(by_values) as value
  from entry_events
  where enters
)
select person_key, dimension, min(value) as value
from shown
where value <> ''
group by person_key, dimension
