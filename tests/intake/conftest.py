"""What is written here keeps to the remits of its acts."""

from tests.keeping import every_act_keeps_to_its_remit

__all__ = ["every_act_keeps_to_its_remit"]
