"""What a person may intend, a module per noun. A command returns the draft of an entry or raises Refused."""
