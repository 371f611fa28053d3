"""What people are told before their data is taken: one text for all services, with its hash. Known to auth and documents."""
