"""The balance of a study: announced in its file, played at its centre and over draws, told."""
