"""Scheme in, pages out: the handbook site."""
