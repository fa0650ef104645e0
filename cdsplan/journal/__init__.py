"""What was reported of a plan's tasks: reading, replaying and writing its journal."""
