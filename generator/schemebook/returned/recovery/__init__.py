"""Copies without fields: printed flat, scanned, photographed -> answers from text layer or image, with a confidence."""
