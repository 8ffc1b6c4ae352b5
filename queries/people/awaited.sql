-- The stages that would have taken each person further: those after the stage they reached, up to the
-- nearest that is not optional.
--
-- returns person_key BIGINT, position INTEGER
select chosen.person_key, model_stages.position
from chosen
join model_stages
  on model_stages.from_position <= chosen.reached and model_stages.position > chosen.reached
