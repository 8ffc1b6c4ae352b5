-- The stages each person came to by the attempts that stand, as the sum of a bit a stage, 1 for the
-- first.
--
-- returns person_key BIGINT, stages BIGINT
select person_key, (cast(1 as bigint) << max(reached)) - 1 as stages
from standing
group by person_key
