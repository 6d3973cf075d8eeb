"""The loop planner against people's habits, a general solver and its own limits; see ``__main__`` for the command."""
