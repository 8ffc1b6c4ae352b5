-- Everybody who is counted in a trend: person and bucket.
--
-- returns person_key BIGINT
select entrant_key as person_key
from entrants
