"""OFD, the open fixed-layout document of China: container, reader, writer, checks and the pages of a certificate."""
