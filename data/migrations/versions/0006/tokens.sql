-- 0006 tokens: with these a program reads on behalf of an account; only the hash is kept.

CREATE TABLE access_token (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    token_hash BYTEA NOT NULL,
    account_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT access_token_pkey PRIMARY KEY (id),
    CONSTRAINT access_token_token_hash_key UNIQUE (token_hash),
    CONSTRAINT access_token_token_hash_length_check CHECK (length(token_hash) = 32),
    CONSTRAINT access_token_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
CREATE INDEX access_token_account_id_idx ON access_token (account_id);
