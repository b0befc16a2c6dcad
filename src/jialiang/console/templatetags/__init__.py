"""One template tag per component of the console. All of them are built in: no page needs to load them."""
