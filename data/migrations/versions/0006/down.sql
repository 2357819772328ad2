-- 0006 down: no tokens, nothing published.

DROP SCHEMA published CASCADE;
DROP TABLE access_token;
