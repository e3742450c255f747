"""The PKI services: EST (RFC 7030), OCSP responder (RFC 6960), CRL distribution point (RFC 5280).

`service` answers OPNC's PKI API and `est_rfc7030` stock EST clients; `register` holds what was issued and
revoked, `ocsp_crl` tells it; `status_client` asks others for it, `relying_party` judges chains by it;
`subjects` says whom a certificate belongs to.
"""

from __future__ import annotations
