-- Every purchase of every person, in order: without a gap to keep, each event is one.
--
-- returns person_key BIGINT, number INTEGER, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
select
  person_key,
  cast(row_number() over (
    partition by person_key order by ts_us, revenue nulls last, cost nulls last
  ) as integer) as number,
  ts_us,
  revenue,
  cost
from bought
