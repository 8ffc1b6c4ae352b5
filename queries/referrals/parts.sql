-- K and its parts, for all and for each row of a breakdown: customers, whom they brought, and
-- how many of those bought; i = referred / customers, c = bought / referred, K = i * c.
--
-- The squares are summed over customers, for the intervals of means.
--
-- returns segment INTEGER, customers BIGINT, referred BIGINT, i DOUBLE, bought BIGINT, c DOUBLE, k DOUBLE, referred_squares BIGINT, bought_squares BIGINT
with counts as (
  select
    every.segment,
    count(customers.person_key) as customers,
    cast(coalesce(sum(customers.brought), 0) as bigint) as referred,
    cast(coalesce(sum(customers.brought_buyers), 0) as bigint) as bought,
    cast(coalesce(sum(customers.brought * customers.brought), 0) as bigint) as referred_squares,
    cast(coalesce(sum(customers.brought_buyers * customers.brought_buyers), 0) as bigint)
      as bought_squares
  from (select 0 as segment union select segment from segments) as every
  left join segments on segments.segment = every.segment
  left join customers on customers.person_key = segments.person_key
  group by every.segment
)
select
  segment,
  customers,
  referred,
  referred / nullif(customers, 0) as i,
  bought,
  bought / nullif(referred, 0) as c,
  bought / nullif(customers, 0) as k,
  referred_squares,
  bought_squares
from counts
order by segment
