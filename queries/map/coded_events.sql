-- All events in numbers: whose, when, and of what kind. What a question counts is found here, so that
-- the source is read once.
--
-- A person's number is the hash of the id. A second hash, of the id behind a dot, shares no step with the
-- first; ids alike in both, 126 bits together, are one id: among a hundred million people the odds
-- that two are not are below one in 10^21. See `map/alike` for ids alike in the first.
--
-- param by_name BOOLEAN  whether events of one name are all of one kind: comparing names is quicker
-- returns person_key BIGINT, person_check BIGINT, ts_us BIGINT, kind INTEGER
select
  if(everything.user_id is null, null, cast(hash(everything.user_id) >> 1 as bigint)) as person_key,
  cast(hash('.' || everything.user_id) >> 1 as bigint) as person_check,
  everything.ts_us,
  kinds.kind
from everything
join kinds on kinds.event = everything.event
where getvariable('by_name')
  or (kinds.passed = everything.passed and kinds.inside = everything.inside)
