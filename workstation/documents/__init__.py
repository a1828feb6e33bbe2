"""What leaves the house: an incident's report, lists of incidents. Masked, with the digest of every file."""
