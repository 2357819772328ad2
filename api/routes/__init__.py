"""The routes, one file a subject: they parse, ask the work and the store, and answer."""
