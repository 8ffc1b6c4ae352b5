-- Why rows are no events: how many for each reason, and the first of them.
--
-- returns reason VARCHAR, rows BIGINT, file VARCHAR, line BIGINT, example VARCHAR
SELECT
    reason,
    count(*) AS "rows",
    first(file ORDER BY file, line) AS file,
    first(line ORDER BY file, line) AS line,
    first(coalesce(value, raw) ORDER BY file, line) AS example
FROM rejects
GROUP BY reason
ORDER BY "rows" DESC, reason
