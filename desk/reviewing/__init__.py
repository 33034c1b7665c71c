"""Quality review (质检): a month's sample of talks, their scores, and what agents answer back."""
