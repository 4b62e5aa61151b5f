"""Jatigi's engine: processes, expressions, forms, calendars. Knows neither the web nor the database."""
