"""The head of the page: question and answer."""
