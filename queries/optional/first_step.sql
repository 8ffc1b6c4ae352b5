-- The entry of every chosen attempt, and the most optional stages that it can take.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, held BIGINT, ahead INTEGER
select
  ways.position, chosen.person_key, chosen.entered_us as ts_us,
  cast(null as bigint) as previous_us, ways.held, max(ways.ahead) as ahead
from chosen
join ways
  on ways.position = 1
  and ways.person_key = chosen.person_key
  and ways.ts_us = chosen.entered_us
group by ways.position, chosen.person_key, chosen.entered_us, ways.held
