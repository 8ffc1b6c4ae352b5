-- Runs of days without any event, between the first and the last day (UTC), the longest first.
--
-- param most INTEGER how many to list
-- returns first_day DATE, last_day DATE, days BIGINT
with days as (
  select distinct cast(ts as date) as day from events
),
neighbours as (
  select day, lead(day) over (order by day) as next_day from days
)
select
  day + 1 as first_day,
  next_day - 1 as last_day,
  cast(next_day - day - 1 as bigint) as days
from neighbours
where next_day - day > 1
order by days desc, first_day
limit getvariable('most')
