"""The sandbox of front-end teams: the embedded default with invented campaigns and people, put back by one call."""
