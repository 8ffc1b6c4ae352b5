-- The moment at which windows are judged, and the latest entry whose window is over by then.
--
-- For Spark: epoch_us is called unix_micros.
--
-- param as_of TIMESTAMP   the moment (null: the last event that is not in the future)
-- param window_us BIGINT  longest time from the entry to the last stage (null: none, so nobody is called immature)
-- returns as_of TIMESTAMP, mature_us BIGINT
select
  as_of,
  if(
    getvariable('window_us') is null, null,
    coalesce(unix_micros(as_of) - getvariable('window_us'), -4611686018427387904)
  ) as mature_us
from (
  select coalesce(getvariable('as_of'), (select last_known from latest)) as as_of
)
