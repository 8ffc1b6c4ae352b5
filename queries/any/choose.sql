-- The opening chosen for each person: most stages, then the earliest.
--
-- returns person_key INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, reached, opened_us as entered_us, completed_us
from opened
qualify row_number() over (partition by person_key order by reached desc, opened_us) = 1
