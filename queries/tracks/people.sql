-- The tracks in the place of people.
--
-- returns person_key BIGINT, user_id VARCHAR
select track_key as person_key, cast(track_key as string) as user_id
from tracks
