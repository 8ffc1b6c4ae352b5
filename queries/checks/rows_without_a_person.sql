-- Rows that name nobody: they are in the data and in no funnel.
--
-- severity warn
-- param since TIMESTAMP   first instant of the period; null is any
-- param until TIMESTAMP   first instant after it; null is any
-- returns problem VARCHAR
select
  printf('%,d of %,d rows name nobody (%.1f %%)', nobody, total, round(1e2 * nobody / total, 1))
    as problem
from (
  select count(*) as total, count(*) filter (where user_id is null) as nobody
  from scope
  where (ts >= getvariable('since') or getvariable('since') is null)
    and (ts < getvariable('until') or getvariable('until') is null)
)
where nobody > 0
