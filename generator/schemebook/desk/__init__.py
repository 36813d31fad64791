"""Records in, answers for the coordinator out: Report."""
