-- People whom a funnel's buyers brought: who came after they bought, as far as the funnel may read.
--
-- Referrals are those that are credible. Squares are summed over buyers, for intervals of means.
--
-- returns buyers BIGINT, referred BIGINT, referred_squares BIGINT, bought BIGINT, bought_squares BIGINT, waiting BIGINT, waiting_squares BIGINT
with counts as (
  select
    spans.person_key,
    count(referrals.person_key) as referred,
    count(*) filter (where referrals.bought_us <= spans.last_us) as bought
  from spans
  left join referrals
    on referrals.referrer_key = spans.person_key
    and referrals.valid
    and referrals.came_us >= spans.buy_us
    and referrals.came_us <= spans.last_us
  group by spans.person_key
)
select
  count(*) as buyers,
  cast(coalesce(sum(referred), 0) as bigint) as referred,
  cast(coalesce(sum(referred * referred), 0) as bigint) as referred_squares,
  cast(coalesce(sum(bought), 0) as bigint) as bought,
  cast(coalesce(sum(bought * bought), 0) as bigint) as bought_squares,
  cast(coalesce(sum(referred - bought), 0) as bigint) as waiting,
  cast(coalesce(sum((referred - bought) * (referred - bought)), 0) as bigint) as waiting_squares
from counts
