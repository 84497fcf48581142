"""Letters that were read lately: pages show the same few again and again, and reading takes 20 ms.

A template never changes and depends on its bytes alone, so nothing kept can be out of date. Each
process keeps its own; documents that unpack to much are read each time.
"""

import hashlib
from collections import OrderedDict
from threading import Lock

from .template import Template, read_template

MOST = 32
LARGEST = 2 * 1024 * 1024

_kept: OrderedDict[bytes, Template] = OrderedDict()
_lock = Lock()


def kept_template(data: bytes) -> Template:
    """As read_template. What cannot be read is not kept."""
    key = hashlib.sha256(data).digest()
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
    return found or _keep(key, read_template(data))


def _keep(key: bytes, template: Template) -> Template:
    """Keeps it, unless it is large; the one that was not asked for longest goes."""
    if sum(map(len, template.parts.values())) <= LARGEST:
        with _lock:
            _kept[key] = template
            if len(_kept) > MOST:
                _kept.popitem(last=False)
    return template
