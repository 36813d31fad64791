"""One script a question; each prints ratios measured in one run."""
