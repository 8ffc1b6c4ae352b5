-- Rows of each event name, by the predicates they pass; all rows, also those that `where` leaves out.
--
-- param clock TIMESTAMP  what is later than this is in the future
-- returns event VARCHAR, passed BIGINT, rows BIGINT, without_user BIGINT, future BIGINT, first TIMESTAMP, last TIMESTAMP, last_known TIMESTAMP
select
  event,
  passed,
  count(*) as rows,
  count(*) - count(plain_id) as without_user,
  count(*) filter (where ts > getvariable('clock')) as future,
  min(ts) as first,
  max(ts) as last,
  max(ts) filter (where ts <= getvariable('clock')) as last_known
from everything
group by event, passed
