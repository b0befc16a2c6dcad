"""Work for the worker: leases with fences, and a timetable."""
