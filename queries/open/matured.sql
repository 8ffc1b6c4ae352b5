-- The stages each person came to in the funnel over mature entries only, as the sum of a bit a
-- stage, 1 for the first.
--
-- param everybody BOOLEAN  whether all people were followed again
-- returns person_key BIGINT, stages BIGINT
select person_key, stages
from taken
where not getvariable('everybody')
  and person_key not in (
    select person_key from whole_chosen where entered_us > (select mature_us from maturity)
  )
union all
select person_key,
  (cast(1 as bigint) << reached) - (cast(1 as bigint) << (first_position - 1)) as stages
from chosen
