-- Every kept event of one model with the channel it came through, as `touchpoints/events` has them:
-- for a model whose stages tell all of their events.
--
-- param touch_model INTEGER  number of the model
-- returns person_key BIGINT, ts_us BIGINT, from_us BIGINT, position INTEGER, channel VARCHAR, buys BOOLEAN
select
  compact_events.person_key,
  compact_events.ts_us,
  compact_events.ts_us + cast(lonely.person_key is not null as integer) as from_us,
  compact_events.position,
  compact_events.channel,
  told.buys
from compact_events
join (select distinct position, shared_with, buys from touch_kinds) as told
  on told.position = compact_events.position
left join lonely
  on lonely.person_key = compact_events.person_key
  and lonely.ts_us = compact_events.ts_us
  and lonely.position = told.shared_with
where compact_events.model = getvariable('touch_model')
