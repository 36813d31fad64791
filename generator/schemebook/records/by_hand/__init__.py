"""What a person decides about a record, or keys in for one, in; what is kept of it out."""
