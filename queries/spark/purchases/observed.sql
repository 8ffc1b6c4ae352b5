-- The moment up to which people were observed, and the window in which something must follow.
--
-- For Spark: epoch_us is called unix_micros.
--
-- param as_of TIMESTAMP   the moment (null: the last event that is not in the future)
-- param window_us BIGINT  W, the longest time from a purchase (or a referral) to what follows it
-- returns as_of TIMESTAMP, as_of_us BIGINT, window_us BIGINT
select as_of, unix_micros(as_of) as as_of_us, getvariable('window_us') as window_us
from (
  select coalesce(getvariable('as_of'), (select last_known from latest)) as as_of
)
