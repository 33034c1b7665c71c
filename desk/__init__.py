"""The desk: where agents, editors, handlers and supervisors work; and the router behind it."""
