"""Our own web chat: a page, a socket, and a short stream of what was said."""
