-- Everybody who names a referrer, with what their naming is worth.
--
-- A referral counts for a window (W) after the referrer's first purchase. `fate` is the first that holds: `unknown` (no such person), `self`, `cycle` (both are in one),
-- `late` (named after the person's own first purchase), `no_purchase` (the referrer never
-- bought), `outside` (the referrer's first purchase is not in the period), `immature` (its window
-- is still open), `before` (the person was there before it), `after` (came when its window was
-- over), `counted`.
--
-- returns person_key BIGINT, referrer_key BIGINT, came_us BIGINT, bought_us BIGINT, opens_us BIGINT, fate VARCHAR, valid BOOLEAN, bought BOOLEAN
with found as (
  select
    named.person_key,
    named.came_us,
    named.named_us,
    referrers.person_key as referrer_key,
    own.bought_us,
    theirs.bought_us as opens_us,
    theirs.in_period,
    theirs.mature,
    circling.person_key is not null as circles
  from named
  left join referrers on referrers.referrer = named.referrer
  left join buyers as own on own.person_key = named.person_key
  left join buyers as theirs on theirs.person_key = referrers.person_key
  left join circling on circling.person_key = named.person_key
  where named.referrer is not null
),
judged as (
  select
    *,
    case
      when referrer_key is null then 'unknown'
      when referrer_key = person_key then 'self'
      when circles then 'cycle'
      when named_us > bought_us then 'late'
      when opens_us is null then 'no_purchase'
      when not in_period then 'outside'
      when not mature then 'immature'
      when came_us < opens_us then 'before'
      when came_us > opens_us + (select window_us from observed) then 'after'
      else 'counted'
    end as fate
  from found
)
select
  person_key,
  referrer_key,
  came_us,
  bought_us,
  opens_us,
  fate,
  fate not in ('unknown', 'self', 'cycle', 'late') as valid,
  fate = 'counted' and coalesce(bought_us <= opens_us + (select window_us from observed), false) as bought
from judged
