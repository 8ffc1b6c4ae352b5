-- Every person once for each bucket they were counted in, with a key of its own.
--
-- returns entrant_key BIGINT, person_key BIGINT, bucket INTEGER
select cast(row_number() over () as integer) as entrant_key, person_key, bucket
from bucket_taken
