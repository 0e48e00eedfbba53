"""What the training of all networks shares."""
