"""基础数据层: one fact, one home."""
