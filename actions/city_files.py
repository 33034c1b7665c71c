"""Files under `QIANMEN_HOME` by which the desk tells the bot about the city."""

DEPARTMENTS = "departments.json"  # [{"name", "purpose", "handles", "categories"}, …]
TRIAGE = "triage"  # the folder of the models that a city trained
