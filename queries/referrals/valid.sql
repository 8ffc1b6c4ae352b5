-- Who referred whom, as far as it is credible: without cycles, so that the links are trees.
--
-- returns person_key BIGINT, referrer_key BIGINT
select person_key, referrer_key
from referrals
where valid
