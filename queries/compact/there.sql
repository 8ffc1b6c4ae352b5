-- Whether a database keeps compact forms at all, and as they are read now: one whose stages nobody
-- could tell has none, and one of an earlier version has others.
--
-- returns there BOOLEAN
select count(*) > 0 as there
from meta
where key = 'compact' and value = 'with times of first touches'
