-- When the last event came: of each stage, and of any event at all (position 0).
--
-- Events later than the clock are wrong, and say nothing about when anything was last delivered.
--
-- For Spark: epoch_us is called unix_micros.
--
-- param clock_us BIGINT   now, in microseconds since 1970
-- returns position INTEGER, last_us BIGINT
select 0 as position, unix_micros(last_known) as last_us
from latest
union all
select position, max(ts_us) as last_us
from stage_events
where ts_us <= getvariable('clock_us')
group by position
order by position
