-- The cohort grid: of those who first bought in a period, who bought again in each one after.
--
-- `periods` counts from the period of the first purchase; 0 is a second purchase in the same one.
-- Money is that of all purchases in the period, the first one too, and its mean and spread are
-- over all buyers of the cohort. What has not begun yet is null; `running` is not over yet.
--
-- For Spark: there is no ASOF join everywhere; a bucket also says where it ends. Ids are no numbers.
--
-- returns cohort DATE, buyers BIGINT, periods INTEGER, again BIGINT, again_rate DOUBLE, running BOOLEAN, revenue DOUBLE, revenue_per_buyer DOUBLE, revenue_spread DOUBLE
with placed as (
  select history.person_key, history.number, history.revenue, buckets.bucket
  from history
  join buckets on history.ts_us >= buckets.start_us and history.ts_us < buckets.end_us
),
firsts as (
  select person_key, bucket as cohort
  from placed
  where number = 1
),
visits as (
  select
    min(firsts.cohort) as cohort,
    min(placed.bucket) as bucket,
    max(placed.number) > 1 as again,
    cast(sum(cast(placed.revenue as decimal(38, 9))) as double) as revenue
  from placed
  join firsts on firsts.person_key = placed.person_key
  group by placed.bucket, placed.person_key
),
counts as (
  select
    cohort,
    bucket,
    count(*) filter (where again) as again,
    count(revenue) as payers,
    cast(sum(cast(revenue as decimal(38, 9))) as double) as revenue,
    var_pop(revenue) as variance
  from visits
  group by cohort, bucket
),
sizes as (
  select cohort, count(*) as buyers
  from firsts
  group by cohort
),
cells as (
  select
    sizes.cohort,
    sizes.buyers,
    periods.periods,
    target.bucket is null
      or (counts.bucket is null and target.start_us >= (select as_of_us from observed)) as future,
    target.end_us - 1 > (select as_of_us from observed) as running,
    coalesce(counts.again, 0) as again,
    coalesce(counts.payers, 0) as payers,
    coalesce(counts.revenue, 0) as revenue,
    coalesce(counts.variance, 0) as variance
  from sizes
  cross join (
    select explode(sequence(0, most)) as periods
    from (
      select (select max(bucket) from buckets) - (select min(cohort) from sizes) as most
    )
    where most is not null
  ) as periods
  left join buckets as target on target.bucket = sizes.cohort + periods.periods
  left join counts on counts.cohort = sizes.cohort and counts.bucket = target.bucket
)
select
  buckets.day as cohort,
  cells.buyers,
  cast(cells.periods as integer) as periods,
  if(cells.future, null, cells.again) as again,
  if(cells.future, null, cells.again / cells.buyers) as again_rate,
  if(cells.future, null, cells.running) as running,
  if(cells.future, null, cells.revenue) as revenue,
  if(cells.future, null, cells.revenue / cells.buyers) as revenue_per_buyer,
  -- those who paid nothing here are part of the spread: squares about the mean of the others add up
  if(cells.future or cells.buyers < 2, null, sqrt((
    cells.payers * cells.variance
    + if(cells.payers = 0, 0,
      cells.revenue * cells.revenue * (cells.buyers - cells.payers)
      / cells.payers / cells.buyers)
  ) / (cells.buyers - 1))) as revenue_spread
from cells
join buckets on buckets.bucket = cells.cohort
order by cells.cohort, cells.periods
