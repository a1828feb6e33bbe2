"""Rules that answer an entry, an observation or the passing of time with drafts. They never write."""
