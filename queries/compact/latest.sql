-- The last event that is not in the future, and how many are: the clock goes on after a load.
--
-- Asked apart, since each is told from the bounds of the table's parts, without reading these.
--
-- param clock TIMESTAMP  what is later than this is in the future
-- returns last_known TIMESTAMP, future BIGINT
select
  (select max(ts) from loaded_events where ts <= getvariable('clock')) as last_known,
  (select count(*) from loaded_events where ts > getvariable('clock')) as future
