"""All of Qianmen on one machine: started in order, watched, and taken down together."""
