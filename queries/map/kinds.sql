-- Kinds of rows (event name, predicates passed, whether `where` leaves them in), with a number for each.
--
-- Where events of one name are all of one kind, names alone are grouped: a third of the time.
--
-- param by_name BOOLEAN  whether there is neither a predicate nor a `where`
-- returns kind INTEGER, event VARCHAR, passed BIGINT, inside BOOLEAN
select cast(row_number() over () as integer) as kind, event, passed, inside
from (
  select event, passed, inside
  from everything
  where not getvariable('by_name')
  group by event, passed, inside
  union all
  select event, cast(0 as bigint) as passed, true as inside
  from everything
  where getvariable('by_name')
  group by event
)
