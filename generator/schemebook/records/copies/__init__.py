"""A form and a list of people in; a marked copy for each out, and what came back of it compared."""
