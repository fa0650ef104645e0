"""Feeds and pages over HTTP: what a request is answered, from which bytes, and keeping these current."""
