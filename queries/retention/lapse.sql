-- After how long without a purchase a buyer has lapsed: the 90th percentile of all gaps between
-- consecutive purchases; null where there are too few of them to say.
--
-- param least_gaps INTEGER  how many gaps it takes
-- returns gaps BIGINT, lapsed_after_us DOUBLE
select
  count(next_us) as gaps,
  if(
    count(next_us) >= getvariable('least_gaps'),
    percentile_cont(0.9) within group (order by next_us - ts_us),
    null
  ) as lapsed_after_us
from history
