-- Whether the stage of an event tells all that must be known of its kind.
--
-- returns uniform BOOLEAN
select coalesce(bool_and(kinds = 1), true) as uniform
from (
  select count(distinct {buys: buys, shared_with: shared_with}) as kinds
  from touch_kinds
  group by position
)
