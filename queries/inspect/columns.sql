-- Each column of `events`: how many values it has, how many different ones, and one of them.
--
-- Columns without any value have no example and are left out. Nested values are written as JSON.
--
-- returns column VARCHAR, filled BIGINT, distinct BIGINT, example VARCHAR
WITH filled AS (
    UNPIVOT (SELECT count(nullif(COLUMNS(*)::VARCHAR, '')) FROM events)
    ON COLUMNS(*) INTO NAME "column" VALUE filled
), distinct_values AS (
    UNPIVOT (SELECT count(DISTINCT nullif(COLUMNS(*)::VARCHAR, '')) FROM events)
    ON COLUMNS(*) INTO NAME "column" VALUE "distinct"
), examples AS (
    UNPIVOT (SELECT min(nullif(
        CASE WHEN regexp_matches(typeof(COLUMNS(*)), '^(STRUCT|MAP|UNION)\(|\]$')
            THEN to_json(COLUMNS(*))::VARCHAR
            ELSE COLUMNS(*)::VARCHAR
        END, '')) FROM events)
    ON COLUMNS(*) INTO NAME "column" VALUE example
)
SELECT "column", filled, "distinct", example
FROM filled
JOIN distinct_values USING ("column")
JOIN examples USING ("column")
ORDER BY "column"
