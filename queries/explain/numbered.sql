-- The events of one person in order of time (and of the file, where that counts), with the stages they match: the sum of a bit a
-- stage, 1 for the first. `fills` are those of them that take the event (the first, or the n-th),
-- `excludes` says whether any exclusion names it.
--
-- returns n BIGINT, ts TIMESTAMP, event VARCHAR, stages BIGINT, fills BIGINT, excludes BOOLEAN, value VARCHAR, passed BIGINT, row BIGINT
with kinds as (
  select event, passed, cast(sum(bit) as bigint) as stages
  from matches
  group by event, passed
),
takes as (
  select ts_us, bit_or(cast(1 as bigint) << (position - 1)) as stages
  from stage_events
  group by ts_us
)
select
  row_number() over (order by own.ts, own.row, own.event, own.passed, own.value) as n,
  own.ts,
  own.event,
  coalesce(kinds.stages, 0) as stages,
  coalesce(kinds.stages & takes.stages, 0) as fills,
  exists (
    select 1
    from exclusion_steps as step
    where step.event in (own.event, '*') and own.passed & step.needs = step.needs
  ) as excludes,
  own.value,
  own.passed,
  own.row
from own_events as own
left join kinds on kinds.event = own.event and kinds.passed = own.passed
left join takes on takes.ts_us = epoch_us(own.ts)
