"""What an export is probably about, told by names and values, and the text that says so."""
