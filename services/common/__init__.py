"""The thin library that the three services share. It knows none of them."""
