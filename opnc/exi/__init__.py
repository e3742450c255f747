"""The EXI codec for the Plug & Charge messages of ISO 15118-2 and -20, and the fragments that are signed.

```python
message = decode(octets, ISO2).value
message.Body.CertificateInstallationRes.ResponseCode
encode(message, ISO2) == octets
```

Values are the frozen dataclasses of `opnc.exi.iso2`, `opnc.exi.iso20` and `opnc.exi.xmldsig`; these modules
are the grammar as well. Everything refused is an `ExiError`.
"""

from __future__ import annotations

from opnc.exi.codec import Decoded, decode, encode
from opnc.exi.errors import DecodeError, EncodeError, ExiError, NotRead, Truncated
from opnc.exi.roots import ISO2, ISO20, XMLDSIG, SchemaSet

__all__ = [
    "ISO2",
    "ISO20",
    "XMLDSIG",
    "DecodeError",
    "Decoded",
    "EncodeError",
    "ExiError",
    "NotRead",
    "SchemaSet",
    "Truncated",
    "decode",
    "encode",
]
