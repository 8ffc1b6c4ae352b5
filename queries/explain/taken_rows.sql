-- The events that the chosen attempt took, where rows tell events of one instant apart.
--
-- returns position INTEGER, n BIGINT
select journeys.position, numbered.n
from journeys
join numbered on numbered.row = journeys.held
