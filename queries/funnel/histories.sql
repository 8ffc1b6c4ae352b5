-- Which stages each person did at all: the sum of a bit a stage, 1 for the first; and when the first of
-- them first. It was found when people were counted.
--
-- returns person_key BIGINT, stages BIGINT, entered_us BIGINT
select person_key, stages, entered_us
from everybody
where stages > 0
