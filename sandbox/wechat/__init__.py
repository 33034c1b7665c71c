"""WeChat as an official account meets it: pushes with their retries, and the platform's API."""
