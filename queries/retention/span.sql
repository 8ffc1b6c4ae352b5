-- The first of the first purchases, and the moment up to which people were observed.
--
-- returns first TIMESTAMP, as_of TIMESTAMP
select
  (select make_timestamp(min(first_us)) from buyers) as first,
  (select as_of from observed) as as_of
