-- Tracks that are counted in the row of a person together with others.
--
-- returns track_key BIGINT, row_key BIGINT
select track_key, row_key
from track_rows
where row_key in (select row_key from track_rows group by row_key having count(*) > 1)
