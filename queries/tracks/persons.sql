-- All tracks of a person count together.
--
-- returns track_key BIGINT, segment INTEGER, row_key BIGINT
select track_key, 0 as segment, person_key as row_key
from tracks
