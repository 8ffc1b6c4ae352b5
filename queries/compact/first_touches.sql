-- The first channel that each person showed on an event of any stage, as kept for one model.
--
-- param model INTEGER  number of the model
-- returns person_key BIGINT, dimension INTEGER, value VARCHAR
select person_key, 1 as dimension, first_touch as value
from compact_ever
where model = getvariable('model')
  and first_touch is not null
