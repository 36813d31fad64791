"""The tests, in the folders of the package; what belongs to no single module stands beside them."""
