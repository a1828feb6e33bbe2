"""An MQTT broker inside the program, so that the demo needs nothing installed beside it.

It serves the loopback address alone and anybody on it; a city runs a broker of its own.
"""

import socket

from amqtt.broker import Broker as AmqttBroker

from workstation.demo.loop import Loop

LOOPBACK = "127.0.0.1"
ANYBODY = {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}}


class Broker:
    """Serving once made; `url` says where. Raises BrokerError where no port is to be had."""

    def __init__(self) -> None:
        self._loop = Loop("demo-broker")
        self.port = _free_port()
        try:
            self._broker = self._loop.run(_started(self.port))
        except BaseException:
            self._loop.close()
            raise

    @property
    def url(self) -> str:
        return f"mqtt://{LOOPBACK}:{self.port}"

    def close(self) -> None:
        """End every session and the thread."""
        self._loop.run(self._broker.shutdown())
        self._loop.close()


async def _started(port: int) -> AmqttBroker:
    listeners = {"default": {"type": "tcp", "bind": f"{LOOPBACK}:{port}"}}
    broker = AmqttBroker({"listeners": listeners, "plugins": ANYBODY})
    await broker.start()
    return broker


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
