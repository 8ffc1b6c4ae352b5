-- Whether a database keeps compact forms at all: one whose stages nobody could tell has none.
--
-- returns there BOOLEAN
select count(*) > 0 as there
from meta
where key = 'compact'
