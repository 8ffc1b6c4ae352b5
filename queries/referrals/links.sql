-- Who named whom, among the people of the data, themselves aside.
--
-- returns person_key BIGINT, referrer_key BIGINT
select named.person_key, referrers.person_key as referrer_key
from named
join referrers on referrers.referrer = named.referrer
where referrers.person_key <> named.person_key
