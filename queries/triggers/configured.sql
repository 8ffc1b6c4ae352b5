-- What each trigger came to in each segment.
--
-- `mature_users` are the people whose first firing lies a whole window back, `bought` those of them
-- with a purchase after it, inside the window.
--
-- param seen_us BIGINT    last instant up to which people were observed
-- param window_us BIGINT  time after the first firing in which a purchase counts
-- returns segment INTEGER, trigger VARCHAR, fired BIGINT, pending BIGINT, users BIGINT, mature_users BIGINT, bought BIGINT
with rows_of_segments as (
  select known.segment, triggers.trigger, triggers.name
  from (select 0 as segment union select segment from segments) as known
  cross join triggers
),
waiting as (
  select segments.segment, firings.trigger, cast(sum(firings.times) as bigint) as pending
  from firings
  join segments on segments.person_key = firings.person_key
  where not firings.fired
  group by segments.segment, firings.trigger
),
done as (
  select
    segments.segment,
    fired.trigger,
    cast(sum(fired.times) as bigint) as fired,
    count(*) as users,
    count(*) filter (where fired.first_us + getvariable('window_us') <= getvariable('seen_us'))
      as mature_users,
    count(*) filter (
      where fired.first_us + getvariable('window_us') <= getvariable('seen_us')
        and fired.bought_after_first_us - fired.first_us <= getvariable('window_us')
    ) as bought
  from fired
  join segments on segments.person_key = fired.person_key
  group by segments.segment, fired.trigger
)
select
  rows_of_segments.segment,
  rows_of_segments.name as trigger,
  coalesce(done.fired, 0) as fired,
  coalesce(waiting.pending, 0) as pending,
  coalesce(done.users, 0) as users,
  coalesce(done.mature_users, 0) as mature_users,
  coalesce(done.bought, 0) as bought
from rows_of_segments
left join done
  on done.segment = rows_of_segments.segment and done.trigger = rows_of_segments.trigger
left join waiting
  on waiting.segment = rows_of_segments.segment and waiting.trigger = rows_of_segments.trigger
order by rows_of_segments.segment, rows_of_segments.trigger
