-- What each buyer did as far as observed; `again` says whether the second purchase came inside W.
--
-- returns person_key INTEGER, purchases BIGINT, mature BOOLEAN, again BOOLEAN, last_us BIGINT, paid BIGINT, revenue DOUBLE
select
  history.person_key,
  count(*) as purchases,
  min(history.ts_us) <= max(observed.as_of_us - observed.window_us) as mature,
  coalesce(
    min(history.next_us) - min(history.ts_us) <= max(observed.window_us), false
  ) as again,
  max(history.ts_us) as last_us,
  count(history.revenue) as paid,
  sum(history.revenue order by history.revenue) as revenue
from history
cross join observed
group by history.person_key
