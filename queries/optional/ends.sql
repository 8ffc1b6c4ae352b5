-- Where chosen attempts end, at one stage; `ahead` are the optional stages still to come.
--
-- param position INTEGER  the stage
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, held BIGINT, ahead INTEGER
select nodes.position, nodes.person_key, nodes.ts_us, nodes.held, 0 as ahead
from nodes
join chosen
  on chosen.person_key = nodes.person_key
  and chosen.reached = nodes.position
  and chosen.completed_us = nodes.ts_us
where nodes.position = getvariable('position')
