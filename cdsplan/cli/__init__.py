"""The command line: one short file per command, which reads, schedules, judges, views and emits."""
