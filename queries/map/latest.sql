-- The last event that is not in the future, and how many are.
--
-- returns last_known TIMESTAMP, future BIGINT
select max(last_known) as last_known, cast(coalesce(sum(future), 0) as bigint) as future
from tally
