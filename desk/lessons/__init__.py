"""What a day of talks teaches the knowledge: wrong answers reported, good ones kept as drafts."""
