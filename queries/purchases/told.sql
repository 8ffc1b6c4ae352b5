-- Events with which somebody bought, from the stage events that are there already, without money.
--
-- It holds where the events of the two stages are the same (then the second is null), or where no
-- event is of both.
--
-- param buying_position INTEGER        a stage at which people buy
-- param other_buying_position INTEGER  another one, or null
-- returns person_key BIGINT, ts_us BIGINT, revenue DOUBLE, cost DOUBLE
select person_key, ts_us, cast(null as double) as revenue, cast(null as double) as cost
from stage_events
where position in (getvariable('buying_position'), getvariable('other_buying_position'))
