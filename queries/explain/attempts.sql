-- How far the attempt from each entry comes, and when it gets there.
--
-- returns entered_us BIGINT, reached INTEGER, completed_us BIGINT
select entered_us, reached, completed_us
from chosen
order by entered_us
