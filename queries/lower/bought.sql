-- With which events the buyers of a funnel bought, of those that stage events tell.
--
-- returns person_key BIGINT, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
select told.person_key, told.ts_us, told.revenue, told.cost
from told
join spans on spans.person_key = told.person_key
