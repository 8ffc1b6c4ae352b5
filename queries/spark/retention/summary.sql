-- Buyers and what became of them: purchases, who came back, gaps, lapsed ones, revenue.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. `again` is a second
-- purchase inside W, of the mature; `ever` one at any time so far. Lapsed is who has not bought
-- for longer than `lapsed_after_us`, which is one for all. Spreads are sample standard deviations
-- over buyers; a purchase without revenue counts as nothing.
--
-- For Spark: there is no hugeint (and decimals lose places where they are divided), and a spread takes no order.
--
-- returns segment INTEGER, buyers BIGINT, purchases BIGINT, further BIGINT, further_per_buyer DOUBLE, further_spread DOUBLE, mature_buyers BIGINT, again BIGINT, again_rate DOUBLE, ever BIGINT, ever_rate DOUBLE, gaps BIGINT, median_seconds DOUBLE, p90_seconds DOUBLE, lapsed BIGINT, lapsed_rate DOUBLE, paid BIGINT, revenue DOUBLE, revenue_per_buyer DOUBLE, revenue_spread DOUBLE
with people as (
  select
    segments.segment,
    count(*) as buyers,
    cast(sum(lives.purchases) as bigint) as purchases,
    sum(lives.purchases * lives.purchases) as squares,
    count(*) filter (where lives.mature) as mature_buyers,
    count(*) filter (where lives.mature and lives.again) as again,
    count(*) filter (where lives.purchases > 1) as ever,
    count(*) filter (
      where (select as_of_us from observed) - lives.last_us > (select lapsed_after_us from lapse)
    ) as lapsed,
    cast(sum(lives.paid) as bigint) as paid,
    cast(coalesce(sum(cast(lives.revenue as decimal(38, 9))), 0) as double) as revenue,
    stddev_samp(coalesce(lives.revenue, 0)) as revenue_spread
  from lives
  join segments on segments.person_key = lives.person_key
  group by segments.segment
),
gaps as (
  select
    segments.segment,
    count(*) as gaps,
    median(history.next_us - history.ts_us) / 1e6 as median_seconds,
    percentile(history.next_us - history.ts_us, 0.9) / 1e6 as p90_seconds
  from history
  join segments on segments.person_key = history.person_key
  where history.next_us is not null
  group by segments.segment
)
select
  everybody.segment,
  coalesce(people.buyers, 0) as buyers,
  coalesce(people.purchases, 0) as purchases,
  coalesce(people.purchases - people.buyers, 0) as further,
  people.purchases / people.buyers - 1 as further_per_buyer,
  sqrt(
    cast(
      cast(people.squares as decimal(38, 0)) * people.buyers
      - cast(people.purchases as decimal(38, 0)) * people.purchases as double
    ) / nullif(cast(people.buyers as double) * (people.buyers - 1), 0)
  ) as further_spread,
  coalesce(people.mature_buyers, 0) as mature_buyers,
  coalesce(people.again, 0) as again,
  people.again / nullif(people.mature_buyers, 0) as again_rate,
  coalesce(people.ever, 0) as ever,
  people.ever / people.buyers as ever_rate,
  coalesce(gaps.gaps, 0) as gaps,
  gaps.median_seconds,
  gaps.p90_seconds,
  if((select lapsed_after_us from lapse) is null, null, coalesce(people.lapsed, 0)) as lapsed,
  if((select lapsed_after_us from lapse) is null, null, people.lapsed / people.buyers) as lapsed_rate,
  coalesce(people.paid, 0) as paid,
  people.revenue,
  people.revenue / people.buyers as revenue_per_buyer,
  people.revenue_spread
from (select 0 as segment union select segment from segments) as everybody
left join people on people.segment = everybody.segment
left join gaps on gaps.segment = everybody.segment
order by everybody.segment
