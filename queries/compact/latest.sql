-- The last event that is not in the future, and how many are: the clock goes on after a load.
--
-- param clock TIMESTAMP  what is later than this is in the future
-- returns last_known TIMESTAMP, future BIGINT
select
  max(ts) filter (where ts <= getvariable('clock')) as last_known,
  count(*) filter (where ts > getvariable('clock')) as future
from loaded_events
