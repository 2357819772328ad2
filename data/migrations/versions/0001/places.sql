-- 0001 places: the metric system of this house, and its towns and villages.

CREATE TABLE deployment (
    one_row BOOLEAN DEFAULT true NOT NULL,
    srid INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT deployment_pkey PRIMARY KEY (one_row),
    CONSTRAINT deployment_one_row_check CHECK (one_row)
);

CREATE TABLE admin_unit (
    code TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT admin_unit_pkey PRIMARY KEY (code),
    CONSTRAINT admin_unit_code_shape_check CHECK (code ~ '^[0-9]{6}([0-9]{3}){0,2}$|^[0-9]{14}$')
);

CREATE TABLE admin_unit_alias (
    old_code TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT admin_unit_alias_pkey PRIMARY KEY (old_code),
    CONSTRAINT admin_unit_alias_other_check CHECK (old_code <> code AND length(old_code) = length(code))
);
