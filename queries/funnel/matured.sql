-- The stages each person came to in the funnel over mature entries only, as the sum of a bit a
-- stage, 1 for the first.
--
-- returns person_key BIGINT, stages BIGINT
select person_key, (cast(1 as bigint) << reached) - 1 as stages
from (
  select person_key, reached
  from chosen
  where entered_us <= (select mature_us from maturity)
  union all
  select person_key, reached
  from chosen_again
)
