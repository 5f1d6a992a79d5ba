"""What must be trusted about a proof of agreement. Read `claim` and `check`; the other modules serve `check`.

    claim        what is claimed
    check        whether a certificate proves it: the theory, and the induction step
    obligations  what has to hold in each cell
    intervals    exact enclosures of what IEEE doubles compute
    certificate  what a certificate says
    reading      the bytes of a saved form
    refusal      why something is refused

Nothing here imports anything but `triquetra.machines.core` and the standard library; a test says so.
"""

from .certificate import Certificate as Certificate
from .certificate import Proof as Proof
from .certificate import read_certificate as read_certificate
from .certificate import write_certificate as write_certificate
from .check import check as check
from .reading import FormBytes as FormBytes
from .refusal import Fault as Fault
from .refusal import Refused as Refused
