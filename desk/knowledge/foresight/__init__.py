"""What publishing an entry would change for those who ask."""
