"""Structure of XML documents: content models written as data, and the check of a document against them."""
