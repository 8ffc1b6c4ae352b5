-- Events of one stage that an attempt can reach from any of the stages that it may come from, with
-- the latest entry that reaches them.
--
-- A later event may be out of reach of the entry that an earlier one can be reached from, since
-- times are from the stage before, whichever that is: so all events in time are looked at, not
-- the latest alone.
--
-- param position INTEGER      the stage to reach
-- param from_position INTEGER the nearest stage before it that is not optional
-- param min_gap_us BIGINT     shortest time from the stage before
-- param apart_us BIGINT       the same to another instant: a microsecond at least
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
  select distinct
    person_key, ts_us,
    if(run_from > 0, cast(1 as bigint) << (getvariable('position') - 1), cast(0 as bigint)) as bit
  from attempt_events
  where position = getvariable('position')
    and ts_us < getvariable('read_until_us')
    and person_key in (select person_key from before)
),
line as (
  select person_key, ts_us, started_us, false as is_event, cast(0 as bigint) as bit
  from before
  where person_key in (select person_key from event)
  union all
  select person_key, ts_us, null as started_us, true as is_event, bit
  from event
),
arriving as (
  select person_key, ts_us, is_event, bit as held,
    max(started_us) over (
      partition by person_key
      order by ts_us
      range between getvariable('within_us') preceding
        and getvariable('apart_us') preceding
    ) as started_us
  from line
),
staying as (
  select event.person_key, event.ts_us, event.bit | before.held as held, before.started_us
  from event
  join before on before.person_key = event.person_key and before.ts_us = event.ts_us
  where getvariable('min_gap_us') = 0
    and not exists (
      select 1
      from unmet
      where unmet.person_key = event.person_key
        and unmet.ts_us = event.ts_us
        and bit_count((event.bit | before.held) & unmet.stages) > unmet.events
    )
)
select
  getvariable('position') as position,
  person_key, ts_us, max(started_us) as started_us, held
from (
  select person_key, ts_us, held, started_us from arriving where is_event
  union all
  select person_key, ts_us, held, started_us from staying
)
where ts_us - started_us <= getvariable('window_us')
group by person_key, ts_us, held
