-- Which stages each person did at all: the sum of a bit a stage, 1 for the first; and when the first of
-- them first. It was found when people were counted.
--
-- returns person_key BIGINT, stages BIGINT, entered_us BIGINT
select
  coalesce(alike.person_key, counted_people.person_hash) as person_key,
  counted_people.stages,
  counted_people.entered_us
from counted_people
left join alike
  on alike.person_hash = counted_people.person_hash
  and alike.person_check = counted_people.person_check
where counted_people.stages > 0
