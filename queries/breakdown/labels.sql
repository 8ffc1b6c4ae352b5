-- What each row of a breakdown is called: its values, or how many were folded into it.
--
-- returns segment INTEGER, other BOOLEAN, folded BIGINT, by_values VARCHAR[]
select
  segment,
  other,
  count(*) filter (where other) as folded,
  if(other, null, first(by_values)) as by_values
from ranks
group by segment, other
order by segment
