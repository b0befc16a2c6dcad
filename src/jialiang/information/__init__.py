"""信息层: base data joined, described, checked."""
