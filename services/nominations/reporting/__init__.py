"""What a county reports to the city, and the city to the province."""
