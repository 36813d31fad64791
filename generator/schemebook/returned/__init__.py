"""A returned file in, typed answers out: ReturnedPdf and Submission."""
