-- All purchases of these buyers as far as they were observed, each with the one after it.
--
-- returns person_key BIGINT, number INTEGER, ts_us BIGINT, next_us BIGINT, revenue DOUBLE
select
  purchases.person_key,
  purchases.number,
  purchases.ts_us,
  lead(purchases.ts_us) over (
    partition by purchases.person_key order by purchases.number
  ) as next_us,
  purchases.revenue
from purchases
join buyers on buyers.person_key = purchases.person_key
where purchases.ts_us <= (select as_of_us from observed)
