-- The stages that would have taken each person further: those after the stage they reached, up to the
-- nearest that is not optional. With them, when the attempt that counts began and got that far.
--
-- returns person_key BIGINT, position INTEGER, entered_us BIGINT, completed_us BIGINT
select chosen.person_key, model_stages.position, chosen.entered_us, chosen.completed_us
from chosen
join model_stages
  on model_stages.from_position <= chosen.reached and model_stages.position > chosen.reached
