"""RDF: the vocabulary, the graph of what was found, its Turtle, and checks of it."""
