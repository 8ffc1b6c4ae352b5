-- Every purchase of every person, in order, where purchases keep a gap: an event nearer than
-- that to the purchase before it is part of that one.
--
-- returns person_key BIGINT, number INTEGER, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
select
  starts.person_key,
  cast(row_number() over (
    partition by starts.person_key order by starts.ts_us
  ) as integer) as number,
  starts.ts_us,
  cast(sum(cast(instants.revenue as decimal(38, 9))) as double) as revenue,
  cast(sum(cast(instants.cost as decimal(38, 9))) as double) as cost
from instants
asof join starts
  on starts.person_key = instants.person_key and starts.ts_us <= instants.ts_us
group by starts.person_key, starts.ts_us
