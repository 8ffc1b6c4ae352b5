-- Where the chosen attempts of people who got no further than one stage end.
--
-- param position INTEGER  the stage
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, needs INTEGER, floor_us BIGINT
select distinct
  alive.position, alive.person_key, alive.ts_us, alive.run_from as needs, alive.floor_us
from alive
join chosen
  on chosen.person_key = alive.person_key
  and chosen.reached = alive.position
  and chosen.completed_us = alive.ts_us
where alive.position = getvariable('position')
