-- Who would have come further without an exclusion, where any order counts: when their window was
-- struck. Every exclusion spans the whole model. Of several such windows it is the one with the most
-- stages, then the one struck first. Such a window was struck, or it would have been chosen.
--
-- returns person_key BIGINT, struck_us BIGINT, exclusion INTEGER
with windows as (
  select person_key, opened_us + 1 as first_us, count(*) as depth
  from found
  group by person_key, opened_us
),
told as (
  select windows.person_key, event.ts_us as struck_us
  from windows
  asof join excluding as event
    on event.person_key = windows.person_key and windows.first_us <= event.ts_us
  left join chosen on chosen.person_key = windows.person_key
  where windows.depth > coalesce(chosen.reached, 0)
  qualify row_number() over (
    partition by windows.person_key order by windows.depth desc, event.ts_us
  ) = 1
)
select told.person_key, told.struck_us, exclusions.exclusion
from told
cross join exclusions
