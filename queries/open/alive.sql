-- Events that can be reached by attempts which begin where the chosen one of the person does.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select everywhere.position, everywhere.person_key, everywhere.ts_us, everywhere.started_us,
  everywhere.run_from, everywhere.floor_us
from alive_everywhere as everywhere
join chosen
  on chosen.person_key = everywhere.person_key
  and chosen.first_position = everywhere.first_position
