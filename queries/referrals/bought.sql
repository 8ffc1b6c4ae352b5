-- Customers whose window is over, the referred and the others: who bought again inside it, what
-- they paid, whom they brought.
--
-- returns referred BOOLEAN, customers BIGINT, again BIGINT, payers BIGINT, revenue DOUBLE, revenue_variance DOUBLE, brought BIGINT, brought_squares BIGINT
with sides as (
  -- values in their order, so that the last digit of a mean is always the same
  select
    referred,
    count(*) as customers,
    count(*) filter (where again) as again,
    count(revenue) as payers,
    list(coalesce(revenue, 0) order by coalesce(revenue, 0)) as revenues,
    cast(sum(brought) as bigint) as brought,
    cast(sum(brought * brought) as bigint) as brought_squares
  from customers
  group by referred
)
select
  referred,
  customers,
  again,
  payers,
  list_aggregate(revenues, 'avg') as revenue,
  list_aggregate(revenues, 'var_samp') as revenue_variance,
  brought,
  brought_squares
from sides
order by referred
