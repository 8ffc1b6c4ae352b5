-- Customers of the period whose window is over: what they did and whom they brought inside it.
--
-- `referred` says whether they were referred themselves; `brought` are people who count as
-- referred by them, `brought_buyers` those of them who bought; revenue is null where no purchase
-- of theirs has any.
--
-- For Spark: lists are added up otherwise: money as decimals with nine places.
--
-- returns person_key BIGINT, referred BOOLEAN, again BOOLEAN, revenue DOUBLE, brought BIGINT, brought_buyers BIGINT
with brought as (
  select referrer_key, count(*) as people, count(*) filter (where bought) as buyers
  from referrals
  where fate = 'counted'
  group by referrer_key
),
spent as (
  select
    purchases.person_key,
    count(*) > 1 as again,
    cast(sum(cast(purchases.revenue as decimal(38, 9))) as double) as revenue
  from purchases
  join buyers on buyers.person_key = purchases.person_key
  where purchases.ts_us <= buyers.bought_us + (select window_us from observed)
  group by purchases.person_key
)
select
  buyers.person_key,
  referrals.person_key is not null as referred,
  spent.again,
  spent.revenue,
  coalesce(brought.people, 0) as brought,
  coalesce(brought.buyers, 0) as brought_buyers
from buyers
join spent on spent.person_key = buyers.person_key
left join referrals on referrals.person_key = buyers.person_key and referrals.valid
left join brought on brought.referrer_key = buyers.person_key
where buyers.in_period and buyers.mature
