"""The use cases: one module each, plain async functions over the ports in ``resolvers.ports``."""
