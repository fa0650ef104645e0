"""The plan: what people declare, read from a TOML file with every problem placed."""
