"""What an export is: its files, how they are written, which column plays which role."""
