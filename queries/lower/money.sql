-- Cost and revenue of the events of each stage in the period, with a person or without.
--
-- An event of several stages counts at the first of them. Of purchases the first that a person
-- ever made is of the stage `buying`, a further one of `repeating`; those without a person are of
-- the first of their stages. Sums are of decimals with nine places, so that the last digit is always
-- the same.
--
-- param since_us BIGINT    first instant of the period
-- param until_us BIGINT    first instant after it
-- param buying INTEGER     the stage of first purchases; null where purchases are not told apart
-- param repeating INTEGER  the stage of further purchases
-- returns position INTEGER, cost DOUBLE, revenue DOUBLE
with paid as (
  select user_id, event, passed, cost, revenue
  from spending
  where event in (
      select tally.event
      from tally
      join spending_steps on spending_steps.event in (tally.event, '*')
    )
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
    and (cost is not null or revenue is not null)
),
kinds as (
  select
    kinds.event,
    kinds.passed,
    min(spending_steps.stage) as position,
    coalesce(
      bool_or(spending_steps.stage in (getvariable('buying'), getvariable('repeating'))), false
    ) as buys
  from (select distinct event, passed from paid) as kinds
  join spending_steps
    on spending_steps.event in (kinds.event, '*')
    and kinds.passed & spending_steps.needs = spending_steps.needs
  group by kinds.event, kinds.passed
),
placed as (
  select kinds.position, paid.cost, paid.revenue
  from paid
  join kinds on kinds.event = paid.event and kinds.passed = paid.passed
  where not kinds.buys or paid.user_id is null
  union all
  select
    if(number = 1, getvariable('buying'), getvariable('repeating')) as position,
    cost,
    revenue
  from purchases
  where ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
    and getvariable('buying') is not null
)
select
  cast(position as integer) as position,
  cast(sum(cast(if(abs(cost) < cast('1e18' as double), cost, null) as decimal(38, 9))) as double) as cost,
  cast(sum(cast(if(abs(revenue) < cast('1e18' as double), revenue, null) as decimal(38, 9))) as double) as revenue
from placed
group by 1
order by 1
