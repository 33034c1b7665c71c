"""What this city calls things (同义词): edited here, published into the index."""
