-- Every purchase of every person, in order, where purchases keep a gap: an event nearer than
-- that to the purchase before it is part of that one. Its money is that of its parts so far.
--
-- For Spark: there is no ASOF join everywhere; a running maximum finds the same.
--
-- param known_us BIGINT  the last instant whose money counts
-- returns person_key BIGINT, number INTEGER, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
with placed as (
  select
    instants.person_key,
    if(instants.ts_us <= getvariable('known_us'), instants.revenue, null) as revenue,
    if(instants.ts_us <= getvariable('known_us'), instants.cost, null) as cost,
    max(starts.ts_us) over (
      partition by instants.person_key order by instants.ts_us
    ) as start_us
  from instants
  left join starts
    on starts.person_key = instants.person_key and starts.ts_us = instants.ts_us
)
select
  person_key,
  cast(row_number() over (partition by person_key order by start_us) as integer) as number,
  start_us as ts_us,
  cast(sum(cast(revenue as decimal(38, 9))) as double) as revenue,
  cast(sum(cast(cost as decimal(38, 9))) as double) as cost
from placed
group by person_key, start_us
