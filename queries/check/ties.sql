-- Events of one person at one instant, of all events of people: their order is not known.
--
-- returns tied BIGINT, events BIGINT
select
  cast(coalesce(sum(n) filter (where n > 1), 0) as bigint) as tied,
  cast(coalesce(sum(n), 0) as bigint) as events
from (
  select count(*) as n
  from scope
  where user_id is not null
  group by user_id, ts
)
