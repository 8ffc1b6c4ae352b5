-- People in each generation of the trees, from the first on, and how many of them bought.
--
-- Generation 1 was brought by somebody whom nobody brought.
--
-- param top INTEGER  how many generations
-- returns generation BIGINT, people BIGINT, bought BIGINT
select
  lines.referrals as generation,
  count(*) as people,
  count(buyers.person_key) as bought
from lines
left join buyers on buyers.person_key = lines.person_key
where lines.referrals <= getvariable('top')
group by lines.referrals
order by lines.referrals
