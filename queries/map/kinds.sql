-- Kinds of rows (event name, predicates passed, whether `where` leaves them in), with a number for each.
--
-- returns kind INTEGER, event VARCHAR, passed BIGINT, inside BOOLEAN
select cast(row_number() over () as integer) as kind, event, passed, inside
from (select distinct event, passed, inside from everything)
