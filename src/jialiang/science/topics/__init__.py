"""Every calculation of measurement science as one topic: a JSON object in, a JSON object out."""
