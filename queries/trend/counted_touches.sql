-- The values that everybody had in each bucket, person and bucket in the place of the person.
--
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
select entrants.entrant_key as person_key, bucket_touches.dimension, bucket_touches.value
from bucket_touches
join entrants
  on entrants.person_key = bucket_touches.person_key and entrants.bucket = bucket_touches.bucket
