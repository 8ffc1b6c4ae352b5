-- The moment up to which people were observed; null where there are no events.
--
-- returns as_of TIMESTAMP
select as_of
from observed
