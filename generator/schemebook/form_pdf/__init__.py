"""Form in, PDF out: layout, fields, descriptor, filled copies."""
