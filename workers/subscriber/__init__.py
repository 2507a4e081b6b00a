"""The subscriber's client: `from workers.subscriber import Subscriber`."""

from workers.subscriber.client import Handler, Subscriber
from workers.subscriber.follow import follow
from workers.subscriber.group import GroupReader
from workers.subscriber.received import Received

__all__ = ["GroupReader", "Handler", "Received", "Subscriber", "follow"]
