-- Instants at which a person did too few events for all the stages that claim them: each claim
-- with its stages, as a sum of bits, and the events that there are.
--
-- returns person_key BIGINT, ts_us BIGINT, stages BIGINT, events BIGINT
with kinds as (
  -- the stages that a row can fill, by its event name and the predicates it passes
  select event, passed, cast(sum(bit) as bigint) as stages
  from matches
  group by event, passed
),
supply as (
  select scope.person_key, scope.ts_us, kinds.stages, count(*) as events
  from scope
  join kinds on scope.event = kinds.event and scope.passed = kinds.passed
  where scope.person_key is not null
    and kinds.stages in (select stages from claims)
  group by scope.person_key, scope.ts_us, kinds.stages
)
select supply.person_key, supply.ts_us, claims.claiming as stages,
  cast(sum(supply.events) as bigint) as events
from supply
join claims on supply.stages = claims.stages
group by supply.person_key, supply.ts_us, claims.claim, claims.claiming
having sum(supply.events) < bit_count(claims.claiming)
