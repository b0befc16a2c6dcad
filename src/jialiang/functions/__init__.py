"""功能层: the verbs offered to everyone; one verb = permission + change + audit + event."""
