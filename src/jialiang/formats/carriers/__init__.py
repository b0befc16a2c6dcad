"""What carries a code on a thing: printed symbols, NFC tags, RFID tags."""
