-- The attempts that stand, and how far: struck ones are void, or end before the strike, or drop the
-- person unless another attempt at least as deep is clean.
--
-- A struck attempt is as deep as the first stage it came to after the strike (none: where it stood).
--
-- param exclusion VARCHAR      drop, void or keep
-- param mature BOOLEAN     whether only mature entries count
-- returns try_key INTEGER, person_key INTEGER, reached INTEGER, entered_us BIGINT, completed_us BIGINT
with outcomes as (
  select
    tried.try_key,
    tried.person_key,
    tried.entered_us,
    bool_or(strikes.struck_us is not null) as struck,
    max(tried.position) filter (
      strikes.struck_us is null
      or (getvariable('exclusion') = 'keep' and tried.ts_us <= strikes.struck_us)
    ) as reached,
    max(tried.ts_us) filter (
      strikes.struck_us is null
      or (getvariable('exclusion') = 'keep' and tried.ts_us <= strikes.struck_us)
    ) as completed_us,
    coalesce(min(tried.position) filter (tried.ts_us > strikes.struck_us), max(tried.position))
      as struck_depth
  from tried
  left join strikes on strikes.try_key = tried.try_key
  where not getvariable('mature')
    or tried.entered_us <= (select mature_us from maturity)
  group by tried.try_key, tried.person_key, tried.entered_us
),
dropped as (
  select person_key
  from outcomes
  where getvariable('exclusion') = 'drop'
  group by person_key
  having max(struck_depth) filter (struck) > coalesce(max(reached), 0)
)
select try_key, person_key, reached, entered_us, completed_us
from outcomes
where reached is not null
  and person_key not in (select person_key from dropped)
