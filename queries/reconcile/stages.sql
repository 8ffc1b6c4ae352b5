-- People at each stage under the rules counted last. `step_rate` is of those who took the nearest
-- stage before that is not optional (`could`): how many of them took this one too (`came`).
--
-- returns position INTEGER, stage VARCHAR, users BIGINT, entrants BIGINT, could BIGINT, came BIGINT, step_rate DOUBLE, total_rate DOUBLE
with cells as (
  select
    position,
    stage,
    cast(1 as bigint) << (position - 1) as here,
    cast(1 as bigint) << (before_position - 1) as before
  from stages
),
counts as (
  select
    cells.position,
    cells.stage,
    count(depths.person_key) filter (where depths.stages & cells.here > 0) as users,
    count(depths.person_key) as entrants,
    count(depths.person_key) filter (where depths.stages & cells.before > 0) as could,
    count(depths.person_key) filter (
      where depths.stages & cells.here > 0 and depths.stages & cells.before > 0
    ) as came
  from cells
  left join depths on true
  group by cells.position, cells.stage
)
select
  position, stage, users, entrants, could, came,
  came / nullif(could, 0) as step_rate,
  users / nullif(entrants, 0) as total_rate
from counts
order by position
