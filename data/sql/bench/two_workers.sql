-- two_workers: let the planner use both cores of the machine.
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
-- a contest that stops waiting also stops the query
SET client_connection_check_interval = '1s';
