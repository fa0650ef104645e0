"""cdsplan: deadlines of government plans, from a TOML file to a terminal, a calendar and a CI verdict."""

__version__ = "0.1.0"
