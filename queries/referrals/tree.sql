-- The trees of all referrals that are credible: how many, how deep, how large.
--
-- A tree is somebody who names no referrer (or none to believe) with all whom they brought,
-- at once or through others.
--
-- returns trees BIGINT, people BIGINT, generations BIGINT, largest BIGINT
with trees as (
  select end_key, count(*) + 1 as people, max(referrals) as generations
  from lines
  group by end_key
)
select
  count(*) as trees,
  cast(coalesce(sum(people), 0) as bigint) as people,
  coalesce(max(generations), 0) as generations,
  coalesce(max(people), 0) as largest
from trees
