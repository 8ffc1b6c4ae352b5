-- The entry of every chosen attempt: of several at its instant one from which it can take the most
-- optional stages, then the first of the file.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, held BIGINT, ahead INTEGER
select
  ways.position, chosen.person_key, chosen.entered_us as ts_us,
  cast(null as bigint) as previous_us, ways.held, ways.ahead
from chosen
join ways
  on ways.position = 1
  and ways.person_key = chosen.person_key
  and ways.ts_us = chosen.entered_us
qualify row_number() over (
  partition by chosen.person_key order by ways.ahead desc, ways.held
) = 1
