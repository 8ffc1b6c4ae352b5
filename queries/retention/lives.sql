-- What each buyer did as far as observed; `again` says whether the second purchase came inside W.
--
-- Money is added as decimals with nine places, so that the last digit is always the same.
--
-- returns person_key BIGINT, purchases BIGINT, mature BOOLEAN, again BOOLEAN, last_us BIGINT, paid BIGINT, revenue DOUBLE
select
  history.person_key,
  count(*) as purchases,
  min(history.ts_us) <= max(observed.as_of_us - observed.window_us) as mature,
  coalesce(
    min(history.next_us) - min(history.ts_us) <= max(observed.window_us), false
  ) as again,
  max(history.ts_us) as last_us,
  count(history.revenue) as paid,
  cast(sum(cast(history.revenue as decimal(38, 9))) as double) as revenue
from history
cross join observed
group by history.person_key
