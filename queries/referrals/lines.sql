-- Where the line of referrers above each person of `links` ends, and how many referrals away.
--
-- Everybody names one referrer at most, so a line either ends with somebody who names none or
-- goes round a cycle. Each round joins the lines found so far end to end, so their length
-- doubles: a line of n referrals takes log n rounds. One that is open when it is longer than all links
-- together is in a cycle, or leads into one, and ends on it.
--
-- returns person_key BIGINT, end_key BIGINT, referrals BIGINT, open BOOLEAN
with recursive lines(person_key, end_key, referrals, open, least) using key (person_key) as (
  select
    links.person_key,
    links.referrer_key,
    cast(1 as bigint),
    exists (select 1 from links as above where above.person_key = links.referrer_key),
    cast(1 as bigint)
  from links
  union all
  select
    below.person_key,
    above.end_key,
    below.referrals + above.referrals,
    above.open,
    2 * below.least
  from lines as below
  join recurring.lines as above on above.person_key = below.end_key
  where below.open and below.least <= (select count(*) from links)
)
select person_key, end_key, referrals, open
from lines
