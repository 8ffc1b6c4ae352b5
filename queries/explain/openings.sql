-- How many stages each opening leads to, and when the last of them came.
--
-- param most BIGINT  how many openings, the earliest
-- returns opened_us BIGINT, reached INTEGER, completed_us BIGINT
select opened_us, reached, completed_us
from opened
order by opened_us
limit getvariable('most')
