-- The best attempt of each person that begins at a certain stage.
--
-- param position INTEGER  the stage
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select person_key, getvariable('position') as first_position, reached, entered_us, completed_us
from chosen
