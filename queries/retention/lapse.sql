-- After how long without a purchase a buyer has lapsed: the 90th percentile of all gaps between
-- consecutive purchases; null where there are too few of them to say.
--
-- param least_gaps INTEGER  how many gaps it takes
-- returns gaps BIGINT, lapsed_after_us DOUBLE
select
  count(next_us) as gaps,
  if(
    count(next_us) >= getvariable('least_gaps'),
    quantile_cont(next_us - ts_us, 0.9),
    null
  ) as lapsed_after_us
from history
