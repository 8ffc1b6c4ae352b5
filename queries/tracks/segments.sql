-- Everybody in the rows of a breakdown by tracks.
--
-- returns segment INTEGER, person_key BIGINT
select distinct segment, row_key as person_key
from track_rows
