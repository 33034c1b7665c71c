"""Knowledge as a file: read, checked as a whole, then written; and written out again."""
