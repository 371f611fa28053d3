"""Files and facts about files: uploads, checks, photos, ID copies, retention."""
