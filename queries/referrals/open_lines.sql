-- How many lines of referral go on, and how many there are.
--
-- returns open BIGINT, lines BIGINT
select count(*) filter (where open) as open, count(*) as lines
from lines
