"""What is wrong with a project, over all stages, in our words."""
