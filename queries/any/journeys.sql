-- The stages of each chosen opening in the order they came; position k is the k-th of them.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, previous_us BIGINT, run INTEGER
select
  cast(row_number() over journey as integer) as position,
  found.person_key,
  found.ts_us,
  lag(found.ts_us) over journey as previous_us,
  1 as run
from found
join chosen
  on chosen.person_key = found.person_key and chosen.entered_us = found.opened_us
window journey as (partition by found.person_key order by found.ts_us, found.position)
