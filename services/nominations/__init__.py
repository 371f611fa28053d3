"""The procedure: campaigns, quotas, nominations, reviews, publicity, opinions, reports, forms."""
