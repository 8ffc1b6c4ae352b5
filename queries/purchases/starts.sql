-- The instants that begin a purchase: the first of each row of near instants, and from there
-- always the first one that is far enough from the purchase before it, as long as that is in the
-- same row: the first of the next one is there already.
--
-- returns person_key BIGINT, ts_us BIGINT
with recursive starts as (
  select person_key, ts_us, next_us
  from instants
  where ts_us = row_us
  union all
  select later.person_key, later.ts_us, later.next_us
  from starts
  join (select * from instants where ts_us > row_us) as later
    on later.person_key = starts.person_key
    and later.ts_us = starts.next_us
)
select person_key, ts_us
from starts
