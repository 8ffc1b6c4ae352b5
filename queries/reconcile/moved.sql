-- Whom a change of one rule moves: people who get deeper or less deep, or take other optional stages
-- on the way; three of them.
--
-- returns people BIGINT, deeper BIGINT, less_deep BIGINT, examples VARCHAR[]
with moved as (
  select
    coalesce(depths.person_key, depths_before.person_key) as person_key,
    coalesce(depths.reached, 0) - coalesce(depths_before.reached, 0) as stages
  from depths
  full join depths_before on depths.person_key = depths_before.person_key
  where coalesce(depths.stages, 0) <> coalesce(depths_before.stages, 0)
),
shown as (
  select people.user_id
  from moved
  join people on people.person_key = moved.person_key
  order by people.user_id
  limit 3
)
select
  count(*) as people,
  count(*) filter (where stages > 0) as deeper,
  count(*) filter (where stages < 0) as less_deep,
  coalesce((select list(user_id order by user_id) from shown), []) as examples
from moved
