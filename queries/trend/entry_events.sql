-- The stage events at the entry of the attempt that counts in each bucket, with the stages that each
-- matches as a sum of bits, and whether the attempt may have begun with it.
--
-- returns person_key BIGINT, by_values VARCHAR[], stages BIGINT, enters BOOLEAN
with kinds as (
  select event, passed, cast(sum(bit) as bigint) as stages
  from matches
  group by event, passed
)
select
  chosen.person_key, scope.by_values, kinds.stages,
  entering.event is not null as enters
from scope
join kinds on kinds.event = scope.event and kinds.passed = scope.passed
join entrants on entrants.person_key = scope.person_key
join chosen
  on chosen.person_key = entrants.entrant_key
  and chosen.entered_us = scope.ts_us
left join entering
  on entering.person_key = chosen.person_key
  and entering.event = scope.event
  and entering.passed = scope.passed
