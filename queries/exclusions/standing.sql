-- The attempts that stand, and how far: struck ones are void, or end before the strike, or drop the
-- person unless another attempt at least as deep is clean.
--
-- param exclusion VARCHAR  drop, void or keep
-- returns try_key BIGINT, person_key BIGINT, reached INTEGER, entered_us BIGINT, completed_us BIGINT
with dropped as (
  select person_key
  from tried_ends
  where getvariable('exclusion') = 'drop'
  group by person_key
  having max(struck_depth) filter (where struck) > coalesce(max(reached), 0)
)
select try_key, person_key, reached, entered_us, completed_us
from tried_ends
where reached is not null
  and not exists (select 1 from dropped where dropped.person_key = tried_ends.person_key)
