-- Attempts at their entries: the stage-1 events at the instants in `alive`, or each person's last
-- alone. At an instant the first row leads as far as any, so it need not be singled out. `held` is
-- the row that an attempt has come to at this instant.
--
-- param entry VARCHAR  best, first or last
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, started_us BIGINT, held BIGINT
select position, person_key, ts_us, ts_us as started_us, row as held
from row_events
where position = 1
  and (person_key, ts_us) in (select person_key, ts_us from alive)
qualify getvariable('entry') <> 'last'
  or row_number() over (partition by person_key order by row desc) = 1
