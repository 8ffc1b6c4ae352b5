-- The opening chosen for each person: most stages, then the earliest.
--
-- For Spark: QUALIFY is not understood everywhere.
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, 1 as first_position, reached, opened_us as entered_us, completed_us
from (
  select *, row_number() over (partition by person_key order by reached desc, opened_us) as place
  from opened
)
where place = 1
