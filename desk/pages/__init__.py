"""What all pages of the desk share: navigation, times and deadlines in words, template tags."""
