"""The subscriber's client: `from workers.subscriber import Subscriber`."""

from nabaa.subscriber.client import Handler, Subscriber
from nabaa.subscriber.follow import follow
from nabaa.subscriber.group import GroupReader
from nabaa.subscriber.received import Received

__all__ = ["GroupReader", "Handler", "Received", "Subscriber", "follow"]
