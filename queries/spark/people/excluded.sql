-- The people of a list with when and by which event those were struck whom an exclusion stopped.
--
-- For Spark: patterns and instants are written otherwise.
--
-- param guarded BOOLEAN  whether names that a spreadsheet would take for a formula get an apostrophe before them
-- returns person_key BIGINT, user_id VARCHAR, reached INTEGER, stage VARCHAR, reason VARCHAR, entered TIMESTAMP, excluded TIMESTAMP, excluded_by VARCHAR
select
  listed.*,
  timestamp_micros(struck.struck_us) as excluded,
  if(getvariable('guarded') and struck.event rlike '^[=+\\-@\\t\\r]', '\'', '')
    || struck.event as excluded_by
from listed
left join struck on struck.person_key = listed.person_key and listed.reason = 'excluded'
