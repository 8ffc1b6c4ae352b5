-- Everybody who is counted (users, unless the rules say otherwise), by the hash of the id, with the stages
-- they did at all, as `funnel/histories` has them, and when the first of them first.
--
-- `bits` are the stages and, from bit 32 on, those of `person_check` together.
--
-- returns person_hash BIGINT, bits BIGINT, entered_us BIGINT
select
  coded_events.person_key as person_hash,
  bit_or(kind_stages.stages | coded_events.person_check) as bits,
  min(if(kind_stages.stages & 1 > 0, coded_events.ts_us, null)) as entered_us
from coded_events
join kind_stages on kind_stages.kind = coded_events.kind
where coded_events.person_key is not null
group by coded_events.person_key
