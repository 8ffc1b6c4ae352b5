-- Events that match a stage, one row for each stage they match, in whole microseconds since 1970, from
-- coded events.
--
-- `floor_us` is the earliest instant at which the stage before may lie: any, unless order is strict.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
select
  coalesce(alike.person_key, coded_events.person_key) as person_key,
  coded_events.ts_us,
  matching.position,
  0 as run_from,
  cast(-4611686018427387904 as bigint) as floor_us
from coded_events
join (
  select kinds.kind, matches.position
  from kinds
  join matches on matches.event = kinds.event and matches.passed = kinds.passed
  where kinds.inside
) as matching
  on matching.kind = coded_events.kind
left join alike
  on alike.person_hash = coded_events.person_key
  and alike.person_check = coded_events.person_check
where coded_events.person_key is not null
