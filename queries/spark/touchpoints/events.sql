-- Every event that matches a stage, with the channel it came through (null: none), one row for
-- each stage it matches.
--
-- `from_us` is when the next stage may follow: one event fills one stage, so where an event is the
-- only one of the next stage at its instant (see `lonely`), a microsecond later. `buys` says that
-- it is a purchase. The channel is the last of the values that `scope` carries; empty text is none.
--
-- For Spark: lists are read otherwise.
--
-- returns person_key BIGINT, ts_us BIGINT, from_us BIGINT, position INTEGER, channel VARCHAR, buys BOOLEAN
select
  scope.person_key,
  scope.ts_us,
  scope.ts_us + cast(lonely.person_key is not null as integer) as from_us,
  touch_kinds.position,
  nullif(element_at(scope.by_values, -1), '') as channel,
  touch_kinds.buys
from scope
join touch_kinds on touch_kinds.event = scope.event and touch_kinds.passed = scope.passed
left join lonely
  on lonely.person_key = scope.person_key
  and lonely.ts_us = scope.ts_us
  and lonely.position = touch_kinds.shared_with
where scope.person_key is not null
