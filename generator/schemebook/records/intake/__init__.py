"""Files in, taken in one after the other; what became of each out."""
