-- All events in numbers: whose, when, and of what kind. What a question counts is found here, so that
-- the source is read once.
--
-- A person's number is the hash of the id, 63 bits. A second hash, of the id behind a dot, shares no step
-- with the first; `person_check` has 15 bits x of it, as x * 2^32 + (32767 - x) * 2^47, so that a sum of
-- bits shows whether all rows of a number have the same (`map/alike`). Ids alike in both are one id: among a
-- million people the odds that two are not are two in 10^12, among a hundred million two in 10^8.
--
-- param by_name BOOLEAN  whether events of one name are all of one kind: comparing names is quicker
-- returns person_key BIGINT, person_check BIGINT, ts_us BIGINT, kind INTEGER
select coded.person_key, coded.person_check, coded.ts_us, kinds.kind
from (
  -- hashed before the join: it takes longer for rows that a join has picked
  select
    if(user_id is null, null, cast(hash(user_id) >> 1 as bigint)) as person_key,
    32767 * 140737488355328 - cast(hash(concat('.', user_id)) >> 49 as bigint) * 140733193388032 as person_check,
    ts_us,
    event,
    passed,
    inside
  from everything
) as coded
join kinds on kinds.event = coded.event
where getvariable('by_name')
  or (kinds.passed = coded.passed and kinds.inside = coded.inside)
