"""Orders carried out by a server that gives texts: asked by messages, and verified here before anybody sees them."""
