-- The chosen attempts of everybody, as they were before others were chosen.
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, first_position, reached, entered_us, completed_us
from whole_chosen
