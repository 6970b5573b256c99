"""Beliefs behind the answer, each with its ground."""
