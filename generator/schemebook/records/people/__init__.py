"""Records and issued copies in; who returned what, for whom, out."""
