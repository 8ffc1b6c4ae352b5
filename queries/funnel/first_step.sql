-- The entry of every chosen attempt.
--
-- returns position INTEGER, person_key INTEGER, ts_us BIGINT, previous_us BIGINT, run INTEGER
select 1 as position, person_key, entered_us as ts_us, cast(null as bigint) as previous_us, 1 as run
from chosen
