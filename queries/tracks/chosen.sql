-- The attempts of the best tracks, as those of people.
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, first_position, reached, entered_us, completed_us
from best
