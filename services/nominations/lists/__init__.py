"""Many cases at once: pages, work lists, files, changes since."""
