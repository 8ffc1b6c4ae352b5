-- Stage events, of one stage only those at a person's n-th event of it in the period.
--
-- param position INTEGER  the stage
-- param nth INTEGER       which one counts, from 1
-- param since_us BIGINT   first instant of the period
-- param until_us BIGINT   first instant after the period
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with counted as (
  select person_key, ts_us
  from (
    select person_key, ts_us, row_number() over (partition by person_key order by ts_us) as nth
    from stage_events
    where position = getvariable('position')
      and ts_us >= getvariable('since_us')
      and ts_us < getvariable('until_us')
  )
  where nth = getvariable('nth')
)
select
  stage_events.person_key, stage_events.ts_us, stage_events.position, stage_events.run_from,
  stage_events.floor_us
from stage_events
left join counted on counted.person_key = stage_events.person_key
where stage_events.position <> getvariable('position')
  or stage_events.ts_us = counted.ts_us
