-- Each person in every row of a breakdown that overlaps; in the row of folded values once.
--
-- returns segment INTEGER, person_key BIGINT
select distinct segment, person_key
from segments
