-- Buyers of a funnel: when they bought on their journey, and the last instant that still counts.
--
-- param position INTEGER      the stage at which people buy
-- param window_us BIGINT      longest time from the entry
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns person_key BIGINT, buy_us BIGINT, last_us BIGINT
select
  bought.person_key,
  bought.ts_us as buy_us,
  least(
    entry.ts_us + getvariable('window_us'),
    getvariable('read_until_us') - 1
  ) as last_us
from journeys as bought
join journeys as entry
  on entry.person_key = bought.person_key and entry.previous_us is null
where bought.position = getvariable('position')
