-- The stage that would have taken each person further: the one after the stage they reached.
--
-- returns person_key INTEGER, position INTEGER
select person_key, reached + 1 as position
from chosen
