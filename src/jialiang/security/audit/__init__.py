"""Who did what to which thing, when and by which door: appended, chained, never changed."""
