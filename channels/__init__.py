"""The way in and out: what citizens send becomes an `Inbound`, what is said to them is sent.

`gateway` is the public process, `sender` the one that calls the platforms. Neither knows the desk:
both sides meet on Redis, as `wire` writes it down.
"""
