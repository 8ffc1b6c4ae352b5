-- Which stages each person did at all, as kept for one model: the sum of a bit a stage, 1 for the
-- first.
--
-- param ever_model INTEGER  number of the model
-- returns person_key BIGINT, stages BIGINT
select person_key, stages
from compact_ever
where model = getvariable('ever_model')
