-- The stage events, each with the earliest instant at which the stage before may lie so that nothing is
-- between: that of the last event before it, of all that the person did.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
with before as (
  select person_key, ts_us, lag(ts_us) over (partition by person_key order by ts_us) as other_us
  from (select distinct person_key, ts_us from person_events)
)
select event.person_key, event.ts_us, event.position, event.run_from,
  coalesce(before.other_us, -4611686018427387904) as floor_us
from stage_events as event
join before on before.person_key = event.person_key and before.ts_us = event.ts_us
