-- Every purchase of every person, in order, where purchases keep a gap: an event nearer than
-- that to the purchase before it is part of that one. Its money is that of its parts so far.
--
-- param known_us BIGINT  the last instant whose money counts
-- returns person_key BIGINT, number INTEGER, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
with parts as (
  select
    person_key,
    ts_us,
    if(ts_us <= getvariable('known_us'), revenue, null) as revenue,
    if(ts_us <= getvariable('known_us'), cost, null) as cost
  from instants
)
select
  starts.person_key,
  cast(row_number() over (
    partition by starts.person_key order by starts.ts_us
  ) as integer) as number,
  starts.ts_us,
  cast(sum(cast(parts.revenue as decimal(38, 9))) as double) as revenue,
  cast(sum(cast(parts.cost as decimal(38, 9))) as double) as cost
from parts
asof join starts
  on starts.person_key = parts.person_key and starts.ts_us <= parts.ts_us
group by starts.person_key, starts.ts_us
