-- Events later than the clock: a clock that is wrong, or a time zone that was not said.
--
-- severity warn
-- param now TIMESTAMP   the clock, or --as-of
-- returns problem VARCHAR
select
  format(
    '{:,} later than {} UTC, up to {}', count(*),
    strftime(getvariable('now'), '%Y-%m-%d %H:%M'), strftime(max(ts), '%Y-%m-%d %H:%M')
  ) as problem
from events
where ts > getvariable('now')
having count(*) > 0
