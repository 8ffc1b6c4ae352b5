-- How long after their referrer's first purchase those counted in K came, and bought.
--
-- returns until_event VARCHAR, people BIGINT, median_seconds DOUBLE, p90_seconds DOUBLE
with times as (
  select 'first event' as until_event, came_us - opens_us as took_us
  from referrals
  where fate = 'counted'
  union all
  select 'first purchase' as until_event, bought_us - opens_us as took_us
  from referrals
  where bought
),
measures as (
  select 'first event' as until_event
  union all
  select 'first purchase' as until_event
)
select
  measures.until_event,
  count(times.took_us) as people,
  median(times.took_us) / 1e6 as median_seconds,
  quantile_cont(times.took_us, 0.9) / 1e6 as p90_seconds
from measures
left join times on times.until_event = measures.until_event
group by measures.until_event
order by measures.until_event
