-- The first (or last) channel that each entrant of a bucket showed on a kept event of any stage,
-- among those that the funnel of the bucket may read.
--
-- param model INTEGER        number of the model
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
)
select
  bounds.entrant_key as person_key,
  1 as dimension,
  min({place: event.ts_us * getvariable('direction'), value: event.channel}).value as value
from compact_events as event
join bounds
  on bounds.person_key = event.person_key
  and event.ts_us >= bounds.first_us
  and event.ts_us < bounds.end_us
where event.model = getvariable('model')
  and event.channel is not null
group by bounds.entrant_key
