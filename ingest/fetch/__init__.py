"""One HTTP answer for one address, safely: limits, redirects, hosts, robots.txt."""
