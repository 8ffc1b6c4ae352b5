-- The attempt chosen for each person among those that stand: deepest, then earliest completion,
-- then latest entry.
--
-- returns try_key BIGINT, person_key BIGINT, first_position INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
select try_key, person_key, 1 as first_position, reached, entered_us, completed_us
from (
  select
    *,
    row_number() over (
      partition by person_key order by reached desc, completed_us, entered_us desc
    ) as place
  from standing
)
where place = 1
