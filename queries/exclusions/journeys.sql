-- The stages of every chosen attempt.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, run INTEGER
select tried.position, tried.person_key, tried.ts_us, tried.previous_us, tried.run
from tried
join chosen on chosen.try_key = tried.try_key and tried.position <= chosen.reached
