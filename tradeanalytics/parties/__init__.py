"""Who: company names and the keys to compare them by."""
