"""A made-up press on loopback, for trying the wire without the internet: `nabaa demo`."""
