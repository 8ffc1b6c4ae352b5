-- Which stages each person did at all, as kept for one model: the sum of a bit a stage, 1 for the
-- first; and when the first of them first.
--
-- param kept_model INTEGER  number of the model
-- returns person_key BIGINT, stages BIGINT, entered_us BIGINT
select person_key, stages, entered_us
from compact_ever
where model = getvariable('kept_model')
