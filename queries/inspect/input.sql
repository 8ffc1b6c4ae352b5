-- All events in one row: how many, by how many people, from when to when.
--
-- param now TIMESTAMP        the clock: later events are future
-- param mapped VARCHAR[]     event names that have a stage
-- returns rows BIGINT, users BIGINT, without_user BIGINT, unmapped BIGINT, future BIGINT
-- returns first TIMESTAMP, last TIMESTAMP
SELECT
    count(*) AS "rows",
    count(DISTINCT user_id) AS users,
    count(*) FILTER (user_id IS NULL) AS without_user,
    count(*) FILTER (NOT list_contains(getvariable('mapped'), event)) AS unmapped,
    count(*) FILTER (ts > getvariable('now')) AS future,
    min(ts) AS first,
    max(ts) AS last
FROM events
