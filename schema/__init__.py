"""The GraphQL surface, the HTTP application, the command line and the one place that builds things."""
