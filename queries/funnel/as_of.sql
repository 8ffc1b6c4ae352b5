-- The moment at which windows are judged; null where there are no events.
--
-- returns as_of TIMESTAMP
select as_of
from maturity
