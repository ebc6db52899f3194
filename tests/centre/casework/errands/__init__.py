"""A small app for the tests of the ground: errands that people of one organisation ask, and an officer does."""
