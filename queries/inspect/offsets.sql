-- How the zone of times is written, as far as text says it: each offset with its rows.
--
-- returns zone VARCHAR, rows BIGINT, example VARCHAR
with times as (
  select
    trim(written) as t,
    regexp_extract(
      trim(written),
      '(?:\d:\d\d(?:[.,]\d+)?|T\d{4,6}(?:[.,]\d+)?)\s*([+-]\d\d(?::?\d\d)?|[Zz]|UTC|GMT)$', 1
    ) as said
  from written_times
  where trim(written) <> ''
),
named as (
  select
    t,
    case
      when regexp_full_match(t, '-?\d+([.,]\d+)?') and length(t) not in (8, 14)
        then 'a number since 1970'
      when regexp_full_match(said, '[Zz]|UTC|GMT') then 'UTC'
      when said <> ''
        then said[:3] || ':' || if(length(said) > 3, right(said, 2), '00')
      when regexp_matches(t, '\d:\d\d|T\d{4}|^\d{14}$') then 'no offset'
      else 'no time of day'
    end as zone
  from times
)
select zone, count(*) as rows, min(t) as example
from named
group by zone
order by rows desc, zone
