"""Papers and files of the site."""
