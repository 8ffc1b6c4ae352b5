-- People by their first entry in the period, with the landmark, and whether they are followed.
--
-- Whoever was not observed until the end is `unobserved`; of the others who bought at or before
-- the landmark is a `customer` by then; the rest is `followed`. `bought` says whether the first
-- purchase came after the landmark and not after the end.
--
-- param since_us BIGINT     first instant of the period
-- param until_us BIGINT     first instant after the period
-- param seen_us BIGINT      last instant up to which people were observed
-- param landmark_us BIGINT  time from the entry to the landmark
-- param horizon_us BIGINT   time from the landmark to the end
-- returns person_key BIGINT, entered_us BIGINT, landmark_us BIGINT, state VARCHAR, bought BOOLEAN
with entered as (
  select
    person_key,
    min(ts_us) as entered_us,
    min(ts_us) + getvariable('landmark_us') as landmark_us
  from stage_events
  where position = 1
    and ts_us >= getvariable('since_us')
    and ts_us < getvariable('until_us')
  group by person_key
)
select
  entered.person_key,
  entered.entered_us,
  entered.landmark_us,
  case
    when entered.landmark_us + getvariable('horizon_us') > getvariable('seen_us') then 'unobserved'
    when purchases.ts_us <= entered.landmark_us then 'customer'
    else 'followed'
  end as state,
  coalesce(
    purchases.ts_us > entered.landmark_us
    and purchases.ts_us <= entered.landmark_us + getvariable('horizon_us'),
    false
  ) as bought
from entered
left join purchases on purchases.person_key = entered.person_key and purchases.number = 1
