"""The doors: HTTP routes, the command line and the worker; a use case opens its transaction here."""
