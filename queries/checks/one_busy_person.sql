-- One person with more than a twentieth of all events: a robot, or an id that many people share.
--
-- severity warn
-- param since TIMESTAMP   first instant of the period; null is any
-- param until TIMESTAMP   first instant after it; null is any
-- returns problem VARCHAR
with counted as (
  select user_id, count(*) as n
  from events
  where user_id is not null
    and (ts >= getvariable('since') or getvariable('since') is null)
    and (ts < getvariable('until') or getvariable('until') is null)
  group by user_id
),
whole as (
  select sum(n) as total, count(*) as people
  from counted
)
select
  format(
    'one person has {:,} of {:,} events ({:.1f} %)', n, cast(total as bigint), 100.0 * n / total
  ) as problem
from counted, whole
where n > 0.05 * total and whole.people > 100
