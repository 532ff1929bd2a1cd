"""The SQL of the later tables, one file a subject; store.schema runs them in order."""
