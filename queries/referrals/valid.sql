-- Who referred whom, as far as it is credible: without cycles, so that the links are trees.
--
-- returns person_key INTEGER, referrer_key INTEGER
select person_key, referrer_key
from referrals
where valid
