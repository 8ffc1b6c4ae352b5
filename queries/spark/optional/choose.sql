-- The attempt chosen for each person: deepest, then earliest completion, then latest entry.
--
-- For Spark: structs are written otherwise.
--
-- returns person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select
  person_key,
  1 as first_position,
  best.reached as reached,
  best.entered_us as entered_us,
  -best.earliness as completed_us
from (
  select
    person_key,
    max(struct(position as reached, -ts_us as earliness, started_us as entered_us)) as best
  from nodes
  group by person_key
)
