-- How many people entered in the period, and what became of them.
--
-- returns entrants BIGINT, unobserved BIGINT, customers BIGINT, users BIGINT, bought BIGINT
select
  count(*) as entrants,
  count(*) filter (where state = 'unobserved') as unobserved,
  count(*) filter (where state = 'customer') as customers,
  count(*) filter (where state = 'followed') as users,
  count(*) filter (where state = 'followed' and bought) as bought
from followed
