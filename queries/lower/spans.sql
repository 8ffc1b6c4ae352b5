-- Buyers of a funnel: when they bought on their journey, and the last instant that still counts.
--
-- param position INTEGER      the stage at which people buy
-- param window_us BIGINT      longest time from the entry
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns person_key INTEGER, buy_us BIGINT, last_us BIGINT
with entries as (
  select person_key, min(ts_us) as entered_us
  from journeys
  group by person_key
)
select
  journeys.person_key,
  journeys.ts_us as buy_us,
  least(
    entries.entered_us + getvariable('window_us'),
    getvariable('read_until_us') - 1
  ) as last_us
from journeys
join entries on entries.person_key = journeys.person_key
where journeys.position = getvariable('position')
