-- The stages of chosen attempts that are mature, as the sum of a bit a stage, 1 for the first: nobody
-- with such an attempt comes less far over mature entries alone.
--
-- returns person_key BIGINT, stages BIGINT
select taken.person_key, taken.stages
from taken
join whole_chosen on whole_chosen.person_key = taken.person_key
where whole_chosen.entered_us <= (select mature_us from maturity)
