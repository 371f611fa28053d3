"""Files that go away: of a case, a county, the city; and the seal that proves them."""
