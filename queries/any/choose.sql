-- The opening chosen for each person: most stages, then the earliest.
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, 1 as first_position, reached, opened_us as entered_us, completed_us
from opened
qualify row_number() over (partition by person_key order by reached desc, opened_us) = 1
