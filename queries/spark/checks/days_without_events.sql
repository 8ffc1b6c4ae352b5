-- Days without a single event between the first and the last one: a delivery that is missing.
--
-- For Spark: timezone is called from_utc_timestamp, and days lie datediff apart.
--
-- severity warn
-- param since TIMESTAMP    first instant of the period; null is any
-- param until TIMESTAMP    first instant after it; null is any
-- param now TIMESTAMP      the clock: later events are wrong, and show no day to be there
-- param timezone VARCHAR   where days begin
-- returns problem VARCHAR
with days as (
  select distinct cast(from_utc_timestamp(ts, getvariable('timezone')) as date) as day
  from events
  where (ts >= getvariable('since') or getvariable('since') is null)
    and (ts < getvariable('until') or getvariable('until') is null)
    and ts <= getvariable('now')
),
gaps as (
  select
    cast(date_add(day, 1) as string) as first,
    cast(date_add(lead(day) over (order by day), -1) as string) as last,
    datediff(lead(day) over (order by day), day) - 1 as missing
  from days
)
select
  case
    when missing = 1 then printf('no event on %s', first)
    else printf('no event from %s to %s, %d days', first, last, missing)
  end as problem
from gaps
where missing > 0
