-- People at each stage under the rules counted last.
--
-- returns position INTEGER, stage VARCHAR, users BIGINT, entrants BIGINT, could BIGINT, came BIGINT, step_rate DOUBLE, total_rate DOUBLE
with counts as (
  select stages.position, stages.stage, count(depths.user_id) as users
  from stages
  left join depths on depths.reached >= stages.position
  group by stages.position, stages.stage
)
select
  position,
  stage,
  users,
  first_value(users) over stage_order as entrants,
  coalesce(lag(users) over stage_order, 0) as could,
  users as came,
  users / nullif(lag(users) over stage_order, 0) as step_rate,
  users / nullif(first_value(users) over stage_order, 0) as total_rate
from counts
window stage_order as (order by position)
order by position
