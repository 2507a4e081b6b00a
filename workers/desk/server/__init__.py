"""HTTP: routes, what surrounds every answer, files that never change, pages of templates."""
