-- The entry of every chosen attempt.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, run INTEGER
select first_position as position, person_key, entered_us as ts_us,
  cast(null as bigint) as previous_us, first_position as run
from chosen
