-- The first (or last) value of each dimension that a person showed on an event of any stage, among
-- those that the funnel of a bucket may read.
--
-- Empty text is no value; of values at one instant the one that sorts first.
--
-- param direction INTEGER    1 takes the first, -1 the last
-- param own_period BOOLEAN   whether each bucket is a period of its own; else all share the whole one
-- param since_us BIGINT      first instant of the period
-- param until_us BIGINT      first instant after the period
-- param reach_us BIGINT      longest time from the entry to the last stage
-- param read_until_us BIGINT first instant that may not be read any more
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
with bounds as (
  select
    entrants.entrant_key,
    entrants.person_key,
    if(getvariable('own_period'), greatest(buckets.start_us, getvariable('since_us')),
      getvariable('since_us')) as first_us,
    if(getvariable('own_period'), least(buckets.end_us, getvariable('until_us')) + getvariable('reach_us'),
      getvariable('read_until_us')) as end_us
  from entrants
  join buckets on buckets.bucket = entrants.bucket
),
matching as (
  select scope.person_key, epoch_us(scope.ts) as ts_us, scope.by_values
  from scope
  join matches on scope.event = matches.event and scope.passed = matches.passed
  semi join stage_events
    on stage_events.person_key = scope.person_key
    and stage_events.ts_us = epoch_us(scope.ts)
    and stage_events.position = matches.position
),
shown as (
  select
    bounds.entrant_key,
    matching.ts_us,
    cast(unnest(generate_series(1, len(matching.by_values))) as integer) as dimension,
    unnest(matching.by_values) as value
  from matching
  join bounds
    on bounds.person_key = matching.person_key
    and matching.ts_us >= bounds.first_us
    and matching.ts_us < bounds.end_us
)
select
  entrant_key as person_key,
  dimension,
  min({place: ts_us * getvariable('direction'), value: value}).value as value
from shown
where value <> ''
group by entrant_key, dimension
