-- The first (or last) value of each dimension that a person showed on an event of any stage, where
-- a stage takes only some of the events that match it (first_time, nth).
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- For Spark: lists and structs are written otherwise.
--
-- param direction INTEGER    1 takes the first, -1 the last
-- param since_us BIGINT      first instant of the period
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
with matching as (
  select /*+ broadcast(matches) */ scope.person_key, scope.ts_us, scope.by_values
  from scope
  join matches on scope.event = matches.event and scope.passed = matches.passed
  left semi join stage_events
    on stage_events.person_key = scope.person_key
    and stage_events.ts_us = scope.ts_us
    and stage_events.position = matches.position
  where scope.ts_us >= getvariable('since_us')
    and scope.ts_us < getvariable('read_until_us')
),
shown as (
  select person_key, ts_us, cast(place + 1 as integer) as dimension, value
  from matching
  lateral view posexplode(by_values) as place, value
)
select person_key, dimension,
  min(struct(ts_us * getvariable('direction') as place, value as value)).value as value
from shown
where value <> ''
group by person_key, dimension
