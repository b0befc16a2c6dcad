"""The door for programs that speak to an IDHub enterprise node: challenge, token, operations on digital objects."""
