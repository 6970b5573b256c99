"""How things are said: names and verbs in sentences, and templates that a person can edit."""
