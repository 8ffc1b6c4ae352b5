-- What all loads together brought, by their own account, and the rejected rows that are kept.
--
-- returns files BIGINT, rows BIGINT, rejected BIGINT, duplicates BIGINT, kept_rejects BIGINT
select
  count(*) as files,
  cast(coalesce(sum(rows), 0) as bigint) as rows,
  cast(coalesce(sum(rejected), 0) as bigint) as rejected,
  cast(coalesce(sum(duplicate), 0) as bigint) as duplicates,
  (select count(*) from rejects) as kept_rejects
from loads
