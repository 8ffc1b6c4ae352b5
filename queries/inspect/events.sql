-- Each event name: how often, by how many people, from when to when, to the second.
--
-- returns event VARCHAR, events BIGINT, people BIGINT, first TIMESTAMP, last TIMESTAMP
SELECT
    event,
    count(*) AS events,
    count(DISTINCT user_id) AS people,
    date_trunc('second', min(ts)) AS first,
    date_trunc('second', max(ts)) AS last
FROM events
GROUP BY event
ORDER BY events DESC, event
