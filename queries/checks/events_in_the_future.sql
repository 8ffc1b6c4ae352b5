-- Events later than the clock: a clock that is wrong, or a time zone that was not said.
--
-- severity warn
-- param now TIMESTAMP   the clock, or --as-of
-- returns problem VARCHAR
select
  printf(
    '%,d later than %s UTC, up to %s', count(*),
    substr(cast(getvariable('now') as string), 1, 16), substr(cast(max(ts) as string), 1, 16)
  ) as problem
from events
where ts > getvariable('now')
having count(*) > 0
