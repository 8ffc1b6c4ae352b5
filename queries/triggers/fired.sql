-- For whom a trigger fired: how often, first and last, and the first purchase after each of the two.
--
-- param seen_us BIGINT  last instant up to which people were observed
-- returns trigger INTEGER, person_key BIGINT, times BIGINT, first_us BIGINT, last_us BIGINT, last_event_us BIGINT, own BOOLEAN, bought_after_first_us BIGINT, bought_after_last_us BIGINT
with known as (
  select
    trigger,
    person_key,
    cast(sum(times) as bigint) as times,
    min(fires_us) as first_us,
    max(fires_us) as last_us,
    max(ts_us) as last_event_us,
    max_by(own, ts_us) as own
  from firings
  where fired
  group by trigger, person_key
),
bought as (
  select
    known.trigger,
    known.person_key,
    min(if(purchases.ts_us > known.first_us, purchases.ts_us, null)) as bought_after_first_us,
    min(if(purchases.ts_us > known.last_us, purchases.ts_us, null)) as bought_after_last_us
  from known
  join purchases on purchases.person_key = known.person_key
  where purchases.ts_us <= getvariable('seen_us')
  group by known.trigger, known.person_key
)
select known.*, bought.bought_after_first_us, bought.bought_after_last_us
from known
left join bought on bought.trigger = known.trigger and bought.person_key = known.person_key
