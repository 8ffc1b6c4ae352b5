-- The numbers of everybody who is counted, with the stages they did at all and when the first of them
-- first: see `map/counted_people`; and of those who share a hash, each by their own events.
--
-- returns person_key BIGINT, stages BIGINT, entered_us BIGINT
select person_hash as person_key, bits & 4294967295 as stages, entered_us
from counted_people
where person_hash not in (select person_hash from alike)
union all
select
  alike.person_key,
  bit_or(kind_stages.stages) as stages,
  min(if(kind_stages.stages & 1 > 0, coded_events.ts_us, null)) as entered_us
from coded_events
join alike
  on alike.person_hash = coded_events.person_key
  and alike.person_check = coded_events.person_check
join kind_stages on kind_stages.kind = coded_events.kind
group by alike.person_key
