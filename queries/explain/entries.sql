-- Each entry of the period as if it were a person of its own, with the stage events after it:
-- followed like everybody else, it shows how far its own attempt comes.
--
-- param position INTEGER the stage that attempts begin with
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- param reach_us BIGINT  longest time from the entry to the last stage
-- param tie_tolerance_us BIGINT  how long before a stage the next may lie
-- param most INTEGER     how many entries, the earliest
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with entries as (
  select distinct ts_us
  from stage_events
  where position = getvariable('position')
    and ts_us >= getvariable('since_us') and ts_us < getvariable('until_us')
  order by ts_us
  limit getvariable('most')
),
numbered as (
  select ts_us, cast(row_number() over (order by ts_us) as integer) as person_key
  from entries
)
select numbered.person_key, event.ts_us, event.position, event.run_from, event.floor_us
from numbered
join stage_events as event
  on event.position = getvariable('position') and event.ts_us = numbered.ts_us
  or event.position > getvariable('position')
    and event.ts_us >= numbered.ts_us - getvariable('tie_tolerance_us')
    and event.ts_us - numbered.ts_us <= getvariable('reach_us')
