"""The task `us-fascia`."""
