"""What the desk reads once and keeps: read before anybody waits for it."""

from __future__ import annotations

import gc

from django.urls import reverse

from intake import repeats


def warm() -> None:
    """Before the first page. What is kept from here on lives as long as the process: looked through
    each time, Django and Wagtail let the collector of cycles hold a page up for 150 ms."""
    repeats.warm()
    reverse("home")  # every address, and with them every page's module
    gc.collect()
    gc.freeze()
