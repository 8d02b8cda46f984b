"""The look of a stranger: what anybody can work out from what is published, by a reader of its own.

It shares nothing with the model that decides what is hidden: it reads the files as they lie on disk, builds relations
from days, sets of forms and codes, and holds every hidden number against them. Only code lists are shared: they are
public.
"""

from uitstroom.audit.look import Look, Terms, look
from uitstroom.audit.release_folder import look_at_release, look_at_tables, unsafe_beside

__all__ = ["Look", "Terms", "look", "look_at_release", "look_at_tables", "unsafe_beside"]
