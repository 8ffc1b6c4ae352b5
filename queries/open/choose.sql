-- The attempt chosen for each person, wherever it began: deepest, then most stages.
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, first_position, reached, entered_us, completed_us
from openings
qualify row_number() over (
  partition by person_key order by reached desc, first_position
) = 1
