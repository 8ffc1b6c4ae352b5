-- People who came in the period, the referred and the others: how many bought in time, how fast.
--
-- Only those count whose window after their first event is over.
--
-- param since_us BIGINT   first instant of the period
-- param until_us BIGINT   first instant after it
-- returns referred BOOLEAN, people BIGINT, bought BIGINT, median_seconds DOUBLE
with came as (
  select
    referrals.person_key is not null as referred,
    if(buyers.bought_us <= named.came_us + (select window_us from observed),
      buyers.bought_us - named.came_us, null) as took_us
  from named
  left join referrals on referrals.person_key = named.person_key and referrals.valid
  left join buyers on buyers.person_key = named.person_key
  where named.came_us >= getvariable('since_us')
    and named.came_us < getvariable('until_us')
    and named.came_us <= (select as_of_us - window_us from observed)
)
select
  referred,
  count(*) as people,
  count(took_us) as bought,
  median(took_us) / 1e6 as median_seconds
from came
group by referred
order by referred
