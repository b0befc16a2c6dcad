"""The native protocol of the Handle System as bytes: envelope, header, bodies, credential, datagrams."""
