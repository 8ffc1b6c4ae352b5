-- Only the first entry of each person.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select
  position,
  person_key,
  min(ts_us) as ts_us,
  min(ts_us) as started_us,
  min_by(run_from, ts_us) as run_from,
  min_by(floor_us, ts_us) as floor_us
from alive
group by person_key, position
