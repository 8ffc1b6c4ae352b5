-- The stage events that attempts of a bucket may take: its own entries, and later stages (all, where
-- an attempt may begin at any) from its first entry to the end of the window of its last. What may lie
-- a little before an entry lies in the bucket, or in the period where that binds every event.
--
-- param reach_us BIGINT  longest time from the entry to the last stage
-- param tie_tolerance_us BIGINT  how long before a stage the next may lie
-- param read_since_us BIGINT  first instant that may be read
-- param whole_period BOOLEAN  whether the period binds every event
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select entrants.entrant_key as person_key, event.ts_us, event.position, event.run_from,
  event.floor_us
from stage_events as event
join entrants
  on entrants.person_key = event.person_key
  and event.ts_us >= entrants.first_us - getvariable('tie_tolerance_us')
  and event.ts_us >= getvariable('read_since_us')
join buckets
  on buckets.bucket = entrants.bucket
  and (event.ts_us >= buckets.start_us or getvariable('whole_period'))
where (
    event.position = 1
    and event.ts_us >= entrants.first_us
    and event.ts_us <= entrants.last_us
  )
  or (
    (event.position > 1 or getvariable('any_stage'))
    and event.ts_us - entrants.last_us <= getvariable('reach_us')
  )
