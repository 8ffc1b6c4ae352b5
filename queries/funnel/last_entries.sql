-- Only the last entry of each person.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select
  position,
  person_key,
  max(ts_us) as ts_us,
  max(ts_us) as started_us,
  max_by(run_from, ts_us) as run_from,
  max_by(floor_us, ts_us) as floor_us
from alive
group by person_key, position
