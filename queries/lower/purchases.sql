-- Purchases of a funnel's buyers, from the one that they reached the stage with to the end of
-- what the funnel may read; first is the first that a person ever made.
--
-- Squares are summed over buyers, for intervals of means.
--
-- returns buyers BIGINT, purchases BIGINT, purchases_squares BIGINT, first BIGINT, first_squares BIGINT, further BIGINT, further_squares BIGINT
with followed as (
  select
    person_key, number, ts_us,
    lead(ts_us) over (partition by person_key order by number) as next_us
  from purchases
),
counts as (
  -- the purchase that a journey's event is part of may have begun before it
  select
    spans.person_key,
    count(followed.number) as purchases,
    count(*) filter (where followed.number = 1) as first,
    count(*) filter (where followed.number > 1) as further
  from spans
  left join followed
    on followed.person_key = spans.person_key
    and followed.ts_us <= spans.last_us
    and (followed.ts_us >= spans.buy_us or coalesce(followed.next_us > spans.buy_us, true))
  group by spans.person_key, spans.buy_us  -- two columns: no table with a place for everybody
)
select
  count(*) as buyers,
  cast(coalesce(sum(purchases), 0) as bigint) as purchases,
  cast(coalesce(sum(purchases * purchases), 0) as bigint) as purchases_squares,
  cast(coalesce(sum(first), 0) as bigint) as first,
  cast(coalesce(sum(first), 0) as bigint) as first_squares,
  cast(coalesce(sum(further), 0) as bigint) as further,
  cast(coalesce(sum(further * further), 0) as bigint) as further_squares
from counts
