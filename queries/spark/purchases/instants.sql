-- The instants at which a person bought, each with the first one that is far enough after it to
-- be another purchase, and with the first of its row of instants that are nearer than that.
--
-- An instant that lies far enough from the one before it begins a purchase in any case; which
-- others do has to be followed from there, within the row. Money is added as decimals with nine
-- places, so that the last digit is always the same.
--
-- For Spark: there is no ASOF join everywhere; a running minimum over both finds the same.
--
-- param min_gap_us BIGINT  shortest time between two purchases
-- returns person_key BIGINT, ts_us BIGINT, next_us BIGINT, row_us BIGINT, revenue DOUBLE, cost DOUBLE
with instants as (
  select
    person_key,
    ts_us,
    cast(sum(cast(revenue as decimal(38, 9))) as double) as revenue,
    cast(sum(cast(cost as decimal(38, 9))) as double) as cost
  from bought
  group by person_key, ts_us
),
begun as (
  select
    person_key, ts_us, revenue, cost,
    coalesce(ts_us - lag(ts_us) over instant_order >= getvariable('min_gap_us'), true) as begins
  from instants
  window instant_order as (partition by person_key order by ts_us)
),
rows_of_instants as (
  select
    person_key, ts_us, revenue, cost,
    max(if(begins, ts_us, null)) over (partition by person_key order by ts_us) as row_us
  from begun
),
line as (
  select person_key, ts_us + getvariable('min_gap_us') as at_us, true as asks, ts_us, row_us,
    revenue, cost
  from rows_of_instants
  union all
  select person_key, ts_us as at_us, false as asks, ts_us, row_us, revenue, cost
  from rows_of_instants
),
met as (
  select *,
    min(case when not asks then ts_us end) over (
      partition by person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as next_us
  from line
)
select person_key, ts_us, next_us, row_us, revenue, cost
from met
where asks
