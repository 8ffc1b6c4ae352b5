-- What a reader must know of the numbers: from when on a buyer has lapsed, and what is not in them.
--
-- returns gaps BIGINT, lapsed_after_us DOUBLE, later BIGINT
select
  gaps,
  lapsed_after_us,
  (
    select count(*)
    from purchases
    where ts_us > (select as_of_us from observed)
  ) as later
from lapse
