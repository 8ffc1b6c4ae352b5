-- The values of a column, the most frequent first; empty ones are none.
--
-- param most BIGINT  how many to list
-- returns value VARCHAR
select value
from values_at_hand
where nullif(trim(value), '') is not null
group by value
order by count(*) desc, value
limit getvariable('most')
