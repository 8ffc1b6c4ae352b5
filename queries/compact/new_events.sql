-- Events at hand that match a stage of a model, with the channel that each came through.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, position INTEGER, person_key BIGINT, ts_us BIGINT, run_from INTEGER, channel VARCHAR
select
  getvariable('model') as model,
  matches.position,
  scope.person_key,
  epoch_us(scope.ts) as ts_us,
  coalesce(contested.run_from, 0) as run_from,
  nullif(scope.by_values[1], '') as channel
from scope
join matches on scope.event = matches.event and scope.passed = matches.passed
left join contested
  on contested.person_key = scope.person_key
  and contested.ts_us = epoch_us(scope.ts)
  and contested.position = matches.position
where scope.person_key is not null
