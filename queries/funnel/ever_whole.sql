-- Which stages each person did at all, in any order, where the funnel may read everything.
--
-- returns person_key BIGINT, stages BIGINT
select person_key, stages
from histories
