"""What the Makefile calls. Not shipped."""
