-- Where each attempt ends: how far it counts, and if it is struck, how far it would have come.
--
-- What counts of a struck attempt is what came before the strike under `keep`, else nothing. It is as
-- deep as the first stage it came to after the strike (none: where it stood).
--
-- param exclusion VARCHAR  drop, void or keep
-- returns try_key BIGINT, person_key BIGINT, entered_us BIGINT, struck BOOLEAN, reached INTEGER, completed_us BIGINT, struck_depth INTEGER
select
  tried.try_key,
  tried.person_key,
  tried.entered_us,
  bool_or(strikes.struck_us is not null) as struck,
  max(tried.position) filter (
    where strikes.struck_us is null
      or (getvariable('exclusion') = 'keep' and tried.ts_us <= strikes.struck_us)
  ) as reached,
  max(tried.ts_us) filter (
    where strikes.struck_us is null
      or (getvariable('exclusion') = 'keep' and tried.ts_us <= strikes.struck_us)
  ) as completed_us,
  coalesce(min(tried.position) filter (where tried.ts_us > strikes.struck_us), max(tried.position))
    as struck_depth
from tried
left join strikes on strikes.try_key = tried.try_key
group by tried.try_key, tried.person_key, tried.entered_us
