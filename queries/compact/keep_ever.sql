-- Which stages each of the people at hand did at all, and when the first of them first, to be kept
-- with the database.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, person_key BIGINT, stages BIGINT, entered_us BIGINT
select
  getvariable('model') as model,
  person_key,
  bit_or(cast(1 as bigint) << (position - 1)) as stages,
  min(ts_us) filter (where position = 1) as entered_us
from compact_events
where model = getvariable('model')
  and person_key in (select person_key from renewed)
group by person_key
order by person_key
