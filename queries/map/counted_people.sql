-- Everybody who is counted (users, unless the rules say otherwise), by both hashes of the id, with the
-- stages they did at all, as `funnel/histories` has them, and when the first of them first.
--
-- returns person_hash BIGINT, person_check BIGINT, stages BIGINT, entered_us BIGINT
select
  coded_events.person_key as person_hash,
  coded_events.person_check,
  coalesce(bit_or(matching.stages), 0) as stages,
  min(coded_events.ts_us) filter (where matching.stages & 1 > 0) as entered_us
from coded_events
left join (
  select kinds.kind, cast(sum(matches.bit) as bigint) as stages
  from kinds
  join matches on matches.event = kinds.event and matches.passed = kinds.passed
  where kinds.inside
  group by kinds.kind
) as matching
  on matching.kind = coded_events.kind
where coded_events.person_key is not null
group by coded_events.person_key, coded_events.person_check
