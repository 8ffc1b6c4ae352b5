-- The attempt chosen for each person: deepest, then earliest completion, then latest entry.
--
-- Position and instant are folded into one number, whose largest value is the deepest and then
-- earliest: instants lie within 2^53 microseconds of 1970. Among the events that can be reached
-- the latest entry never falls as time goes on, so the smallest one of a stage belongs to its
-- first event. (Two groupings, by person and stage and then by person, take four times as long.)
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select
  person_key,
  1 as first_position,
  cast((completed + 9007199254740992) >> 54 as integer) as reached,
  (((entered + 9007199254740992) >> 54) << 54) - entered as entered_us,
  (((completed + 9007199254740992) >> 54) << 54) - completed as completed_us
from (
  select
    person_key,
    max((cast(position as bigint) << 54) - ts_us) as completed,
    max((cast(position as bigint) << 54) - started_us) as entered
  from alive
  group by person_key
)
