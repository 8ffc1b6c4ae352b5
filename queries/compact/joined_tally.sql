-- The kept tally of one model, together with that of new events.
--
-- param model INTEGER  number of the model
-- returns event VARCHAR, passed BIGINT, rows BIGINT, without_user BIGINT, first TIMESTAMP, last TIMESTAMP
select
  event,
  passed,
  cast(sum(rows) as bigint) as rows,
  cast(sum(without_user) as bigint) as without_user,
  min(first) as first,
  max(last) as last
from (
  select event, passed, rows, without_user, first, last
  from tally
  union all
  select event, passed, rows, without_user, first, last
  from compact_tally
  where model = getvariable('model')
)
group by event, passed
