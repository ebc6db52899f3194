"""A small app for the tests of jobs: functions that count, break, refuse, and heed nothing."""
