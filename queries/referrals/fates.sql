-- How many people name a referrer, by what their naming is worth.
--
-- returns fate VARCHAR, people BIGINT
select fate, count(*) as people
from referrals
group by fate
order by fate
