"""An ecosystem on sockets: TLS 1.3, certificate status in the clear, backends, and a management port.

`server` puts it together and runs what becomes due; `listener` is one socket, `gateway` turns its RSGI
requests into WSGI, `scheduling` decides in which thread; `lock_release` lets others in while a foreign host
is waited for; `management` is for the operator, `certificates` and `private_files` keep the server's identity
and secrets.
"""

from __future__ import annotations
