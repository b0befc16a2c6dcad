"""Where the parts are put together: settings, URLs, processes, command line."""
