-- The first (or last) value of each dimension that a person showed on an event of any stage, where
-- a stage takes only some of the events that match it (first_time, nth).
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- param direction INTEGER    1 takes the first, -1 the last
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
with matching as (
  select scope.person_key, epoch_us(scope.ts) as ts_us, scope.by_values
  from scope
  join matches on scope.event = matches.event and scope.passed = matches.passed
  semi join stage_events
    on stage_events.person_key = scope.person_key
    and stage_events.ts_us = epoch_us(scope.ts)
    and stage_events.position = matches.position
  where epoch_us(scope.ts) >= getvariable('since_us')
    and epoch_us(scope.ts) < getvariable('read_until_us')
),
shown as (
  select
    person_key,
    ts_us,
    cast(unnest(generate_series(1, len(by_values))) as integer) as dimension,
    unnest(by_values) as value
  from matching
)
select person_key, dimension, min({place: ts_us * getvariable('direction'), value: value}).value as value
from shown
where value <> ''
group by person_key, dimension
