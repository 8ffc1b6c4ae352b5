-- The stages each person came to in the funnel over mature entries only, as the sum of a bit a
-- stage, 1 for the first: as in the whole funnel where the chosen attempt is mature, else by the
-- attempts that were chosen and walked again.
--
-- returns person_key INTEGER, stages BIGINT
select taken.person_key, taken.stages
from taken
join whole_chosen on whole_chosen.person_key = taken.person_key
where whole_chosen.entered_us <= (select mature_us from maturity)
union all
select person_key, bit_or(cast(1 as bigint) << (position - 1)) as stages
from journeys
group by person_key
