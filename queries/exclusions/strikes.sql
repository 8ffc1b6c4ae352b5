-- The first excluding event that each attempt runs into.
--
-- returns try_key BIGINT, struck_us BIGINT
select spans.try_key, min(event.ts_us) as struck_us
from spans
asof join excluding as event
  on event.exclusion = spans.exclusion
  and event.person_key = spans.person_key
  and spans.first_us <= event.ts_us
where event.ts_us < spans.end_us
group by spans.try_key
