-- Every person once for each bucket they were counted in, with a key of its own.
--
-- returns entrant_key BIGINT, person_key BIGINT, bucket INTEGER, first_us BIGINT, last_us BIGINT
select
  cast(row_number() over () as integer) as entrant_key, person_key, bucket, first_us, last_us
from bucket_taken
