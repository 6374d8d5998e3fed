-- The same keys as before in half the time, for indexes as well as for searches that sort what they find: normalization
-- leaves ASCII as it is, and most values are short ASCII. A text of as many bytes as characters is ASCII.
CREATE OR REPLACE FUNCTION "sort_key"(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN coalesce(
    nullif(
      CASE
        WHEN octet_length($1) <= 100 AND octet_length($1) = length($1) THEN lower(btrim($1))
        ELSE left(lower(normalize(btrim(left($1, 200)), NFKD)), 100)
      END,
      ''
    ),
    U&'\+10FFFF'
  );
