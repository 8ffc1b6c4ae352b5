-- Those who brought the most people to the business in the period, first by how many of them bought.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after it
-- param top INTEGER      how many of them
-- returns user_id VARCHAR, referred BIGINT, bought BIGINT
select people.user_id, count(*) as referred, count(referrals.bought_us) as bought
from referrals
join people on people.person_key = referrals.referrer_key
where referrals.valid
  and referrals.came_us >= getvariable('since_us')
  and referrals.came_us < getvariable('until_us')
group by people.user_id
order by bought desc, referred desc, people.user_id
limit getvariable('top')
