"""Views: a status turned into a table, a feed, a dict or a page. They return values; they never print or write."""
