-- The chosen attempt of the person: when each stage was reached.
--
-- returns position INTEGER, ts_us BIGINT
select position, ts_us
from journeys
order by position
