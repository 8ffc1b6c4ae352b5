-- How many rows a check returned, and the first three problems.
--
-- returns rows BIGINT, problems VARCHAR[]
select
  count(*) as rows,
  coalesce(min(problem, 3), []) as problems
from problems
