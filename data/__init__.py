"""Where the records rest: tables, queries, migrations, the private database cluster and the sample township."""
