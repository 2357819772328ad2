-- 0001 people: accounts and open sessions.

CREATE TABLE account (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    username TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_role_listed_check CHECK (role IN ('surveyor', 'official', 'admin')),
    CONSTRAINT account_scope_shape_check CHECK (scope ~ '^[0-9]{0,14}$'),
    CONSTRAINT account_username_key UNIQUE (username)
);
COMMENT ON COLUMN account.scope IS 'prefix of the codes this person answers for';

CREATE TABLE sign_in (
    token_hash BYTEA NOT NULL,
    account_id BIGINT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT sign_in_pkey PRIMARY KEY (token_hash),
    CONSTRAINT sign_in_token_hash_length_check CHECK (length(token_hash) = 32),
    CONSTRAINT sign_in_account_id_fkey FOREIGN KEY(account_id) REFERENCES account (id) ON DELETE CASCADE
);
