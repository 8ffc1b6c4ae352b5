-- The kept tally of one model.
--
-- param model INTEGER  number of the model
-- returns event VARCHAR, passed BIGINT, rows BIGINT, without_user BIGINT, first TIMESTAMP, last TIMESTAMP
select event, passed, rows, without_user, first, last
from compact_tally
where model = getvariable('model')
