"""What is said of names and numbers: observations, milestones, relations."""
