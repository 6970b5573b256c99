"""What has happened since: the forecasts of an answer scored against what came."""
