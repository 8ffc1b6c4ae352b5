-- The people of one bucket with the stages that each took, as the sum of a bit a stage.
--
-- param bucket INTEGER  number of the bucket
-- returns bucket INTEGER, person_key BIGINT, stages BIGINT
select getvariable('bucket') as bucket, person_key, stages
from taken
