-- Whether a database keeps compact forms that know how many of their events are sorted.
--
-- returns extensible BOOLEAN
select count(*) > 0 as extensible
from duckdb_columns()
where table_name = 'compact_models' and column_name = 'sorted'
