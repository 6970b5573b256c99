"""Random search for what breaks: economies, policies, files, tables, words (``make stress``)."""
