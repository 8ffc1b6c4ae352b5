-- Attempts at their entries: of the stage-1 events of the period all, or each person's first or
-- last. `held` is the row that an attempt has come to at this instant.
--
-- param entry VARCHAR    best, first or last
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns position INTEGER, person_key INTEGER, ts_us BIGINT, started_us BIGINT, held BIGINT
select position, person_key, ts_us, ts_us as started_us, row as held
from attempt_rows
where position = 1
  and ts_us >= getvariable('since_us')
  and ts_us < getvariable('until_us')
qualify getvariable('entry') = 'best'
  or (getvariable('entry') = 'first'
    and row_number() over (partition by person_key order by ts_us, row) = 1)
  or (getvariable('entry') = 'last'
    and row_number() over (partition by person_key order by ts_us desc, row desc) = 1)
