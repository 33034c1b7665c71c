"""The router: what citizens say, who owns the talk, what is said to them."""
