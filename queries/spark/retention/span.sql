-- The first of the first purchases, and the moment up to which people were observed.
--
-- For Spark: make_timestamp is called timestamp_micros.
--
-- returns first TIMESTAMP, as_of TIMESTAMP
select
  (select timestamp_micros(min(first_us)) from buyers) as first,
  (select as_of from observed) as as_of
