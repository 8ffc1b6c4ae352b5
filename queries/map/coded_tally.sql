-- Rows of each event name, by the predicates they pass, as `map/tally` counts them, from coded events.
--
-- param clock TIMESTAMP  what is later than this is in the future
-- returns event VARCHAR, passed BIGINT, rows BIGINT, without_user BIGINT, future BIGINT, first TIMESTAMP, last TIMESTAMP, last_known TIMESTAMP
select
  kinds.event,
  kinds.passed,
  cast(sum(counted.rows) as bigint) as rows,
  cast(sum(counted.without_user) as bigint) as without_user,
  cast(sum(counted.future) as bigint) as future,
  make_timestamp(min(counted.first_us)) as first,
  make_timestamp(max(counted.last_us)) as last,
  make_timestamp(max(counted.last_known_us)) as last_known
from (
  select
    kind,
    count(*) as rows,
    count(*) - count(person_key) as without_user,
    count(*) filter (where ts_us > epoch_us(getvariable('clock'))) as future,
    min(ts_us) as first_us,
    max(ts_us) as last_us,
    max(ts_us) filter (where ts_us <= epoch_us(getvariable('clock'))) as last_known_us
  from coded_events
  group by kind
) as counted
join kinds on kinds.kind = counted.kind
group by kinds.event, kinds.passed
