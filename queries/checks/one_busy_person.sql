-- One person with more than a twentieth of all events: a robot, or an id that many people share.
--
-- severity warn
-- param since TIMESTAMP   first instant of the period; null is any
-- param until TIMESTAMP   first instant after it; null is any
-- returns problem VARCHAR
with counted as (
  select user_id, count(*) as n
  from scope
  where user_id is not null
    and (ts >= getvariable('since') or getvariable('since') is null)
    and (ts < getvariable('until') or getvariable('until') is null)
  group by user_id
),
whole as (  -- divided before the join, which Sail cannot do where it leaves nobody
  select cast(sum(n) as bigint) as total, count(*) as people, 1e2 / sum(n) as percent
  from counted
)
select
  printf('one person has %,d of %,d events (%.1f %%)', n, total, round(n * percent, 1)) as problem
from counted, whole
where 20 * n > total and people > 100
