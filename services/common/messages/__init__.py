"""Mail and text messages to people, and requests that leave our network."""
