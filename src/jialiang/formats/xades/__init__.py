"""XAdES baseline signatures (level B-B) over whole XML documents, made and checked."""
