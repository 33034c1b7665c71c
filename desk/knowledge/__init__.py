"""Knowledge entries: drafted, published, withdrawn; the index follows within a second."""
