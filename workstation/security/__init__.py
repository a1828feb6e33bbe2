"""Pure functions of trust: keys and signatures, sealing of personal values, masking. State lives in the journal."""
