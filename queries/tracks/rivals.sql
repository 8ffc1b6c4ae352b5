-- Tracks that are counted in the row of a person together with others.
--
-- returns track_key INTEGER, row_key INTEGER
select track_key, row_key
from track_rows
where row_key in (select row_key from track_rows group by row_key having count(*) > 1)
