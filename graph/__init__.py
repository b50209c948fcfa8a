"""The Bolt adapter: engines, the driver, the writer and every Cypher statement."""
