-- How many stages each person came to from mature openings only, as the bits of the first so many.
--
-- returns person_key BIGINT, stages BIGINT
select person_key, (cast(1 as bigint) << max(reached)) - 1 as stages
from opened
where opened_us <= (select mature_us from maturity)
group by person_key
