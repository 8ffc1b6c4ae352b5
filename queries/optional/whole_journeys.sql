-- The journeys of everybody, kept while others are walked.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, held BIGINT, ahead INTEGER
select position, person_key, ts_us, previous_us, held, ahead
from journeys
