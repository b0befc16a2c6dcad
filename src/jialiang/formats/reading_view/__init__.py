"""What people read of any certificate, neutral of pages: labels in one language, texts as the certificate has them."""
