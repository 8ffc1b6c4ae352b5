-- Rows of each event name, by the predicates they pass; all rows, also those that `where` leaves out.
--
-- returns event VARCHAR, passed BIGINT, rows BIGINT, without_user BIGINT, first TIMESTAMP, last TIMESTAMP
select
  event,
  passed,
  count(*) as rows,
  count(*) - count(user_id) as without_user,
  min(ts) as first,
  max(ts) as last
from everything
group by event, passed
