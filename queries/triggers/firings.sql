-- The instants that make a trigger fire, or will: no event stops it there (another than the one that
-- started it), nor later up to the end of `within`, the end included.
--
-- `own` says that it is an event which would have stopped it for another: there is no other.
--
-- param seen_us BIGINT  last instant up to which people were observed
-- returns trigger INTEGER, person_key BIGINT, ts_us BIGINT, fires_us BIGINT, fired BOOLEAN, times BIGINT, own BOOLEAN
with instants as (
  select
    *,
    min(if(stops > 0, ts_us, null)) over (
      partition by trigger, person_key order by ts_us
      rows between 1 following and unbounded following
    ) as next_stop_us
  from trigger_instants
)
select
  instants.trigger,
  instants.person_key,
  instants.ts_us,
  instants.ts_us + triggers.within_us as fires_us,
  instants.ts_us + triggers.within_us <= getvariable('seen_us') as fired,
  if(instants.stops = 0, instants.starts, instants.both) as times,
  instants.stops > 0 as own
from instants
join triggers on triggers.trigger = instants.trigger
where (
    (instants.stops = 0 and instants.starts > 0)
    or (instants.stops = 1 and instants.both = 1)
  )
  and (
    instants.next_stop_us is null
    or instants.next_stop_us - instants.ts_us > triggers.within_us
  )
