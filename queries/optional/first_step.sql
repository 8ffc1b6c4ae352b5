-- The entry of every chosen attempt, and the most optional stages that it can take.
--
-- returns position INTEGER, person_key INTEGER, ts_us BIGINT, previous_us BIGINT, held BIGINT, ahead INTEGER
select
  onward.position, chosen.person_key, chosen.entered_us as ts_us,
  cast(null as bigint) as previous_us, onward.held, max(onward.ahead) as ahead
from chosen
join onward
  on onward.position = 1
  and onward.person_key = chosen.person_key
  and onward.ts_us = chosen.entered_us
group by onward.position, chosen.person_key, chosen.entered_us, onward.held
