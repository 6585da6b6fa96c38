"""Runs LocalStack on the loopback address: its Twisted server takes the port of GATEWAY_LISTEN and not the host."""

import runpy

from twisted.internet import endpoints

listen = endpoints.TCP4ServerEndpoint.__init__


def listen_on_loopback(self, reactor, port, backlog=50, interface="127.0.0.1"):
    listen(self, reactor, port, backlog, interface)


endpoints.TCP4ServerEndpoint.__init__ = listen_on_loopback
runpy.run_module("localstack.runtime.main", run_name="__main__", alter_sys=True)
