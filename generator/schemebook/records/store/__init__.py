"""Records in, kept once each; records out."""
