"""What somebody would write instead of uitstroom: each file answers one question over the delivery's own files.

Every program prints CSV without a header: the instrument, the codes of a breakdown, then counts; of outflow those are
entrants, without person, not ended, not counted, not due, followed, at work.
"""
