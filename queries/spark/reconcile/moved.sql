-- Whom a change of one rule moves: people who get deeper or less deep, or take other optional stages
-- on the way; three of them.
--
-- For Spark: lists are written otherwise.
--
-- returns people BIGINT, deeper BIGINT, less_deep BIGINT, examples VARCHAR[]
with moved as (
  select
    coalesce(depths.user_id, depths_before.user_id) as user_id,
    coalesce(depths.reached, 0) - coalesce(depths_before.reached, 0) as stages
  from depths
  full join depths_before on depths.user_id = depths_before.user_id
  where coalesce(depths.stages, 0) <> coalesce(depths_before.stages, 0)
),
shown as (
  select user_id
  from moved
  order by user_id
  limit 3
)
select
  count(*) as people,
  count(*) filter (where stages > 0) as deeper,
  count(*) filter (where stages < 0) as less_deep,
  coalesce((select sort_array(collect_list(user_id)) from shown), array()) as examples
from moved
