"""WeChat accounts: signed in, bound, taken off."""
