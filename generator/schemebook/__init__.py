"""Schemebook: a folder of YAML and Markdown in; handbook, fillable forms, records and reports out."""
