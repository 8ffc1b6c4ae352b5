-- Events of one stage that an attempt can reach from any of the stages that it may come from, with
-- the latest entry that reaches them, where events of one instant count in the order of the file.
--
-- param position INTEGER      the stage to reach
-- param from_position INTEGER the nearest stage before it that is not optional
-- param reuse BOOLEAN         whether one event may fill several stages
-- param min_gap_us BIGINT     shortest time from the stage before
-- param within_us BIGINT      longest time from the stage before
-- param window_us BIGINT      longest time from the entry
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, held BIGINT
with before as (
  select person_key, ts_us, started_us, held
  from nodes
  where position >= getvariable('from_position') and position < getvariable('position')
),
event as (
  select person_key, ts_us, row
  from row_events
  where position = getvariable('position')
    and ts_us < getvariable('read_until_us')
    and person_key in (select person_key from before)
),
line as (
  select person_key, ts_us, started_us, false as is_event, cast(0 as bigint) as row
  from before
  where person_key in (select person_key from event)
  union all
  select person_key, ts_us, null as started_us, true as is_event, row
  from event
),
arriving as (
  select person_key, ts_us, is_event, row,
    max(started_us) over (
      partition by person_key
      order by ts_us
      range between getvariable('within_us') preceding
        and greatest(getvariable('min_gap_us'), 1) preceding
    ) as started_us
  from line
),
staying as (
  select event.person_key, event.ts_us, event.row, before.started_us
  from event
  join before
    on before.person_key = event.person_key
    and before.ts_us = event.ts_us
    and (before.held < event.row or (getvariable('reuse') and before.held = event.row))
  where getvariable('min_gap_us') = 0
)
select
  getvariable('position') as position,
  person_key, ts_us, max(started_us) as started_us, row as held
from (
  select person_key, ts_us, row, started_us from arriving where is_event
  union all
  select person_key, ts_us, row, started_us from staying
)
where ts_us - started_us <= getvariable('window_us')
group by person_key, ts_us, row
