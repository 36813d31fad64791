"""YAML in, frozen models out: Project, Scheme and Form."""
