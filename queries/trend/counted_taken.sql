-- The stages that everybody took in each bucket, person and bucket in the place of the person.
--
-- returns person_key BIGINT, stages BIGINT
select entrants.entrant_key as person_key, bucket_taken.stages
from bucket_taken
join entrants
  on entrants.person_key = bucket_taken.person_key and entrants.bucket = bucket_taken.bucket
