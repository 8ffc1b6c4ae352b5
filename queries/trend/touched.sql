-- The values that the people of one bucket have in it.
--
-- param bucket INTEGER  number of the bucket
-- returns bucket INTEGER, person_key BIGINT, dimension INTEGER, value VARCHAR
select getvariable('bucket') as bucket, person_key, dimension, value
from touches
