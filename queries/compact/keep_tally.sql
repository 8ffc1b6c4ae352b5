-- The tally of a model, to be kept with the database.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, event VARCHAR, passed BIGINT, rows BIGINT, without_user BIGINT, first TIMESTAMP, last TIMESTAMP
select getvariable('model') as model, event, passed, rows, without_user, first, last
from tally
order by event, passed
