"""One module for each command; `recipes` says which networks there are."""
