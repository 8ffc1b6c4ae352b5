-- For how many people a single trigger fired, and how many firings are waited for.
--
-- returns users BIGINT, pending BIGINT
select
  (select count(*) from fired) as users,
  cast(coalesce(sum(times) filter (where not fired), 0) as bigint) as pending
from firings
