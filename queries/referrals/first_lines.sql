-- Lines of referral of one step: from each person to who brought them.
--
-- `open` says that the line goes on: the end names somebody too. It is the beginning of `lines`
-- for engines that know no recursion; `longer_lines` goes on.
--
-- returns person_key BIGINT, end_key BIGINT, referrals BIGINT, open BOOLEAN
select
  links.person_key,
  links.referrer_key as end_key,
  cast(1 as bigint) as referrals,
  above.person_key is not null as open
from links
left join links as above on above.person_key = links.referrer_key
