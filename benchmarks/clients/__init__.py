"""The programs that are measured, one process each: they get a workload as JSON and print a line for each run."""
