"""The network page: communities, importance, layout and the page itself."""

from kg.view.data import read
from kg.view.page import LIMIT, content_policy, network_page
from kg.view.things import NetworkData
from kg.view.vis import pyvis_network

__all__ = ["LIMIT", "NetworkData", "content_policy", "network_page", "pyvis_network", "read"]
