-- Stage events with, for each, how far back a run of stages through its instant may begin.
--
-- An event fills one stage. Where the events of a person at one instant are fewer than the
-- stages that need them (a claim that is not met), no run may span these stages. `run_from` is
-- the first stage that a run through this stage may begin with; 0 means that nothing at this
-- instant is contested.
--
-- returns person_key BIGINT, ts_us BIGINT, position INTEGER, run_from INTEGER, floor_us BIGINT
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
),
unmet as (
  select supply.person_key, supply.ts_us, claims.first_position, claims.last_position
  from supply
  join claims on supply.stages = claims.stages
  group by
    supply.person_key, supply.ts_us, claims.claim,
    claims.first_position, claims.last_position, claims.claiming
  having sum(supply.events) < bit_count(claims.claiming)
),
limited as (
  -- a claim binds every run that begins before its first stage and ends after its last
  select
    instants.person_key, instants.ts_us, instants.position,
    cast(coalesce(max(unmet.first_position) + 1, 1) as integer) as run_from
  from (
    select distinct stage_events.person_key, stage_events.ts_us, stage_events.position
    from stage_events
    join (select distinct person_key, ts_us from unmet) as contested
      on stage_events.person_key = contested.person_key
      and stage_events.ts_us = contested.ts_us
  ) as instants
  left join unmet
    on unmet.person_key = instants.person_key
    and unmet.ts_us = instants.ts_us
    and unmet.last_position <= instants.position
  group by instants.person_key, instants.ts_us, instants.position
)
select
  stage_events.person_key,
  stage_events.ts_us,
  stage_events.position,
  coalesce(limited.run_from, 0) as run_from,
  stage_events.floor_us
from stage_events
left join limited
  on limited.person_key = stage_events.person_key
  and limited.ts_us = stage_events.ts_us
  and limited.position = stage_events.position
