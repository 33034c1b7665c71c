"""What the search costs and reaches as the knowledge grows: `python -m benchmarks.scale`."""
