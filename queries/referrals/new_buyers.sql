-- Those who bought for the first time in the period: how many, how many of them were referred,
-- and since how many purchases a window has passed.
--
-- returns new_buyers BIGINT, referred BIGINT, mature BIGINT
select
  count(*) as new_buyers,
  count(referrals.person_key) as referred,
  count(*) filter (where buyers.mature) as mature
from buyers
left join referrals on referrals.person_key = buyers.person_key and referrals.valid
where buyers.in_period
