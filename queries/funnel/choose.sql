-- The attempt chosen for each person: deepest, then earliest completion, then latest entry.
--
-- Among the events that can be reached the latest entry never falls as time goes on, so the
-- smallest one of a stage belongs to its first event.
--
-- returns person_key INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
with firsts as (
  select person_key, position, min(ts_us) as completed_us, min(started_us) as entered_us
  from alive
  group by person_key, position
)
select
  person_key,
  max(position) as reached,
  arg_max(entered_us, position) as entered_us,
  arg_max(completed_us, position) as completed_us
from firsts
group by person_key
