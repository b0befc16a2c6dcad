"""The public side, without login: check by number, identifier or file, report a fake, issued files, trust anchors."""
