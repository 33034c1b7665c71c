"""Who works here: users and roles, hotlines, departments, API tokens."""
