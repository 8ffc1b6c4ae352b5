-- Days without a single event between the first and the last one: a delivery that is missing.
--
-- severity warn
-- param since TIMESTAMP    first instant of the period; null is any
-- param until TIMESTAMP    first instant after it; null is any
-- param now TIMESTAMP      the clock: later events are wrong, and show no day to be there
-- param timezone VARCHAR   where days begin
-- returns problem VARCHAR
with days as (
  select distinct cast(timezone(getvariable('timezone'), timezone('UTC', ts)) as date) as day
  from events
  where (ts >= getvariable('since') or getvariable('since') is null)
    and (ts < getvariable('until') or getvariable('until') is null)
    and ts <= getvariable('now')
),
gaps as (
  select day as before, lead(day) over (order by day) as after
  from days
)
select
  case
    when after - before = 2 then format('no event on {}', before + 1)
    else format('no event from {} to {}, {} days', before + 1, after - 1, after - before - 1)
  end as problem
from gaps
where after - before > 1
