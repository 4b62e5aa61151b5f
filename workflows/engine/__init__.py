"""The only importers of SpiffWorkflow."""
