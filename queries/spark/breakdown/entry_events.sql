-- The stage events at the entry of each person's chosen attempt, with the stages that each matches
-- as a sum of bits, and whether the attempt may have begun with it.
--
-- For Spark: people are their ids, instants are whole microseconds.
--
-- param any_stage BOOLEAN  whether an attempt may begin at any stage
-- returns person_key INTEGER, by_values VARCHAR[], stages BIGINT, enters BOOLEAN
with kinds as (
  select event, passed, cast(sum(bit) as bigint) as stages
  from matches
  group by event, passed
),
entering as (
  -- kinds of events that fill the stage an attempt began with, or any stage, at its entry
  select distinct chosen.person_key, matches.event, matches.passed
  from chosen
  join stage_events
    on stage_events.person_key = chosen.person_key
    and stage_events.ts_us = chosen.entered_us
  join matches on matches.position = stage_events.position
  where getvariable('any_stage') or matches.position = chosen.first_position
)
select /*+ broadcast(kinds) */
  chosen.person_key, scope.by_values, kinds.stages,
  entering.event is not null as enters
from scope
join kinds on kinds.event = scope.event and kinds.passed = scope.passed
join chosen
  on chosen.person_key = scope.user_id
  and chosen.entered_us = scope.ts_us
left join entering
  on entering.person_key = chosen.person_key
  and entering.event = scope.event
  and entering.passed = scope.passed
