"""ClickHouse's SQL on rows in memory: sqlglot reads it, and a few hundred lines carry it out.

Not DuckDB, which would be honest about its own dialect and not about ClickHouse's: a missing key of a Map, a function
that ClickHouse does not have and a text held against a number are answered as ClickHouse answers them.
"""
