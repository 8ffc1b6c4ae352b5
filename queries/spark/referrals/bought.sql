-- Customers whose window is over, the referred and the others: who bought again inside it, what
-- they paid, whom they brought.
--
-- For Spark: values have no order in a mean; the last digit may differ.
--
-- returns referred BOOLEAN, customers BIGINT, again BIGINT, payers BIGINT, revenue DOUBLE, revenue_variance DOUBLE, brought BIGINT, brought_squares BIGINT
with sides as (
  select
    referred,
    count(*) as customers,
    count(*) filter (where again) as again,
    count(revenue) as payers,
    avg(coalesce(revenue, 0)) as revenue,
    var_samp(coalesce(revenue, 0)) as revenue_variance,
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
  revenue,
  revenue_variance,
  brought,
  brought_squares
from sides
order by referred
