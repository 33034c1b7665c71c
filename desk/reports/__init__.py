"""The monthly report: the rates of departments, hotlines and categories, each figure openable."""
