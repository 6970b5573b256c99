"""What stands, moved by hand and solved again on the page."""
