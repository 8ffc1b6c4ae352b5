-- Which stages each of the people at hand did at all, when the first of them first, and the first
-- channel that they showed, to be kept with the database. Of channels at one instant the one that
-- sorts first.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, person_key BIGINT, stages BIGINT, entered_us BIGINT, first_touch VARCHAR
select
  getvariable('model') as model,
  person_key,
  bit_or(cast(1 as bigint) << (position - 1)) as stages,
  min(ts_us) filter (where position = 1) as entered_us,
  min({place: ts_us, value: channel}) filter (where channel is not null).value as first_touch
from compact_events
where model = getvariable('model')
  and person_key in (select person_key from renewed)
group by person_key
order by person_key
