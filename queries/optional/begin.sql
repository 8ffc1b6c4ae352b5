-- Attempts at their entries.
--
-- `held` are the stages, as a sum of bits, that the attempt has taken from the events of this
-- instant, where these are too few for all the stages that claim them; elsewhere 0.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, held BIGINT
select distinct
  position, person_key, ts_us, started_us,
  if(run_from > 0, cast(1 as bigint), cast(0 as bigint)) as held
from alive
