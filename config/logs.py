"""What every line of the program's log says besides its message: who, where, which request."""

import logging

from crm import acting


class ActFilter(logging.Filter):
    """Adds request, user and act to a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        act = acting.now()
        record.request_id, record.user, record.act = act.request or "-", act.by, act.name
        return True
