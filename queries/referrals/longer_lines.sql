-- Lines of referral, each that is open twice as long: with the line of who it ends at put to it.
--
-- returns person_key BIGINT, end_key BIGINT, referrals BIGINT, open BOOLEAN
select
  below.person_key,
  coalesce(above.end_key, below.end_key) as end_key,
  below.referrals + coalesce(above.referrals, 0) as referrals,
  coalesce(above.open, below.open) as open
from lines as below
left join lines as above on above.person_key = below.end_key and below.open
