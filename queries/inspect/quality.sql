-- What is odd about the events: how many rows each finding concerns, and the worst case.
--
-- param now TIMESTAMP        the clock: later events are future
-- param show_ids BOOLEAN     whether ids are shown as they are, or as short hashes
-- returns check VARCHAR, count BIGINT, detail VARCHAR
WITH instants AS (
    SELECT user_id, ts, count(*) AS n
    FROM events
    WHERE user_id IS NOT NULL
    GROUP BY user_id, ts
    HAVING count(*) > 1
), copies AS (
    SELECT (SELECT count(*) FROM events) - (SELECT count(*) FROM (SELECT DISTINCT * FROM events)) AS n
), busiest AS (
    SELECT user_id, count(*) AS n
    FROM events
    WHERE user_id IS NOT NULL
    GROUP BY user_id
    ORDER BY n DESC, user_id
    LIMIT 1
), days AS (
    SELECT DISTINCT ts::DATE AS day
    FROM events
), placed AS (
    SELECT ts, row_number() OVER () AS place
    FROM events
), late AS (
    SELECT ts, latest
    FROM (
        SELECT ts, max(ts) OVER (
            ORDER BY place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS latest
        FROM placed
    )
    WHERE ts < latest
), findings AS (
    SELECT 1 AS place, 'rows of one person at one instant' AS "check",
        coalesce(sum(n), 0)::BIGINT AS count,
        'at most ' || max(n) || ' at once' AS detail
    FROM instants
    UNION ALL
    SELECT 2, 'rows that repeat another exactly', n,
        'kept: only an event id tells a copy from a second purchase'
    FROM copies
    UNION ALL
    SELECT 3, 'rows without a person', count(*), 'left out of funnels'
    FROM events
    WHERE user_id IS NULL
    UNION ALL
    SELECT 4, 'rows later than now', count(*), 'the latest: ' || max(ts)
    FROM events
    WHERE ts > getvariable('now')
    UNION ALL
    SELECT 5, 'rows that come after a later one', count(*),
        CASE WHEN count(*) > 0.5 * (SELECT count(*) FROM events)
            THEN 'the rows are not in the order of time'
            ELSE 'by ' || max(date_diff('hour', ts, latest)) || ' hours at most, '
                || count(*) FILTER (ts < latest - INTERVAL 1 DAY) || ' by over a day'
        END
    FROM late
    UNION ALL
    SELECT 6, 'rows of one person who has over 5 %', n,
        'user ' || if(getvariable('show_ids'), user_id, left(sha256(user_id), 8))
    FROM busiest
    WHERE n > 0.05 * (SELECT count(*) FROM events)
        AND (SELECT count(DISTINCT user_id) FROM events) > 100
    UNION ALL
    SELECT 7, 'days without events', (max(day) - min(day) + 1 - count(*))::BIGINT,
        'between ' || min(day) || ' and ' || max(day)
    FROM days
    UNION ALL
    SELECT 8, 'rows whose event has no stage', count(*),
        round(100 * count(*) / (SELECT count(*) FROM events), 1) || ' % of all; '
            || count(DISTINCT event) || ' of '
            || (SELECT count(DISTINCT event) FROM events) || ' event names'
    FROM events
    WHERE event NOT IN (SELECT event FROM mapped_events)
)
SELECT "check", count, detail
FROM findings
WHERE count > 0
ORDER BY place
