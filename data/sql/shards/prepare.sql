-- prepare: what a reading house has before its first shard: the views' own schema, and the list of its shards.
CREATE SCHEMA IF NOT EXISTS shards;
CREATE TABLE IF NOT EXISTS shards.shard (
    name text COLLATE "C" PRIMARY KEY,
    counties text[] COLLATE "C" NOT NULL CHECK (cardinality(counties) > 0)
);
COMMENT ON TABLE shards.shard IS 'stores joined to this house, each with the counties it holds, old codes too';
