-- The instants at which a person did events of a trigger: how many rows start it, how many stop it,
-- and how many do both (a trigger may wait for the next of its own events).
--
-- A row starts a trigger in the period, where it satisfies the trigger's `where`. What is later
-- than `seen_us` is not known yet.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- param seen_us BIGINT   last instant up to which people were observed
-- returns trigger INTEGER, person_key BIGINT, ts_us BIGINT, starts BIGINT, both BIGINT, stops BIGINT
with named as (
  select
    trigger_steps.trigger,
    triggering.person_key,
    triggering.ts_us,
    trigger_steps.starts
      and triggering.passed & trigger_steps.needs = trigger_steps.needs
      and triggering.ts_us >= getvariable('since_us')
      and triggering.ts_us < getvariable('until_us') as starts,
    trigger_steps.stops
  from triggering
  join trigger_steps on trigger_steps.event = triggering.event
  where triggering.person_key is not null
    and triggering.ts_us <= getvariable('seen_us')
)
select
  trigger,
  person_key,
  ts_us,
  count(*) filter (where starts and not stops) as starts,
  count(*) filter (where starts and stops) as both,
  count(*) filter (where stops) as stops
from named
where starts or stops
group by trigger, person_key, ts_us
