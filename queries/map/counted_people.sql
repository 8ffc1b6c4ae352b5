-- Everybody who is counted (users, unless the rules say otherwise), by both hashes of the id, with the
-- stages they did at all, as `funnel/histories` has them, and when the first of them first.
--
-- returns person_hash BIGINT, person_check BIGINT, stages BIGINT, entered_us BIGINT
select
  coded_events.person_key as person_hash,
  coded_events.person_check,
  bit_or(told.stages) as stages,
  min(if(told.stages & 1 > 0, coded_events.ts_us, null)) as entered_us
from coded_events
join (
  -- all kinds: joining each event with one row of these is quicker than keeping those without
  select kinds.kind, cast(coalesce(sum(matches.bit), 0) as bigint) as stages
  from kinds
  left join matches
    on matches.event = kinds.event and matches.passed = kinds.passed and kinds.inside
  group by kinds.kind
) as told
  on told.kind = coded_events.kind
where coded_events.person_key is not null
group by coded_events.person_key, coded_events.person_check
