-- Events that attempts can reach which begin at a certain stage.
--
-- param first_position INTEGER  the stage
-- returns first_position INTEGER, position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, run_from INTEGER, floor_us BIGINT
select getvariable('first_position') as first_position,
  position, person_key, ts_us, started_us, run_from, floor_us
from alive
