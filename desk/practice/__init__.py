"""A first hour at the desk: simulated citizens, at a hotline that nothing counts."""
