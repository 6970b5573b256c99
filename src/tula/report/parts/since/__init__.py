"""What has happened since the day of the study."""
