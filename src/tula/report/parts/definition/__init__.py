"""What balance means in the study, as announced before any number was seen."""
