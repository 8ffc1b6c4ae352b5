-- How many rows a check returned, beside each of the first three problems; no row where it found none.
--
-- returns rows BIGINT, problem VARCHAR
select (select count(*) from problems) as rows, problem
from (
  select problem
  from problems
  order by problem nulls last
  limit 3
)
order by problem
