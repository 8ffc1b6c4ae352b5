-- The repeat curve: of those with an n-th purchase, how many came back for the next.
--
-- `again` is inside W, of the people whose n-th purchase is at least W old (`mature`); `ever` is at
-- any time so far, of all. Times are seconds from the n-th purchase to the next.
--
-- returns purchase INTEGER, people BIGINT, mature_people BIGINT, again BIGINT, again_rate DOUBLE, ever BIGINT, ever_rate DOUBLE, median_seconds DOUBLE
with judged as (
  select
    history.number,
    history.next_us - history.ts_us as gap_us,
    history.ts_us <= observed.as_of_us - observed.window_us as mature,
    observed.window_us
  from history
  cross join observed
),
counts as (
  select
    number,
    count(*) as people,
    count(*) filter (where mature) as mature_people,
    count(*) filter (where mature and gap_us <= window_us) as again,
    count(gap_us) as ever,
    median(gap_us) / 1e6 as median_seconds
  from judged
  group by number
)
select
  number as purchase,
  people,
  mature_people,
  again,
  again / nullif(mature_people, 0) as again_rate,
  ever,
  ever / people as ever_rate,
  median_seconds
from counts
order by number
