-- Who would have come further without an exclusion: when their attempt was struck, and by which.
--
-- Of several such attempts it is the one that counts (if it was cut short), else the one that was
-- struck furthest on, which then came furthest, then the one struck first, then the latest entry.
--
-- returns person_key BIGINT, struck_us BIGINT, exclusion INTEGER
with attempts as (
  select
    tried.try_key, tried.person_key, tried.entered_us, strikes.struck_us,
    max(tried.position) as depth,
    coalesce(min(tried.position) filter (where tried.ts_us > strikes.struck_us), max(tried.position))
      as struck_depth
  from tried
  join strikes on strikes.try_key = tried.try_key
  group by tried.try_key, tried.person_key, tried.entered_us, strikes.struck_us
),
told as (
  select
    attempts.try_key, attempts.person_key, attempts.struck_us,
    row_number() over (
      partition by attempts.person_key
      order by coalesce(attempts.entered_us = chosen.entered_us, false) desc,
        attempts.struck_depth desc, attempts.depth desc, attempts.struck_us, attempts.entered_us desc
    ) as place
  from attempts
  left join chosen on chosen.person_key = attempts.person_key
  where attempts.depth > coalesce(chosen.reached, 0)
)
select told.person_key, told.struck_us, spans.exclusion
from told
join spans
  on spans.try_key = told.try_key
  and told.struck_us >= spans.first_us
  and told.struck_us < spans.end_us
where told.place = 1
