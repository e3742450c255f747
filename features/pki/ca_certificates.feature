Feature: PKI: CA certificates by EST (getCaCertsV1)
  Whether the chain that the party asks for, by domain and edition of ISO 15118, is returned whole and in
  the form of EST.

  Rule: A party reads the CA certificates above the leaves of its domain, root included [05_v2g-pki-services.md § EST interface; ERR-104]

    @PKI-CACERTS-01
    Scenario: The chain is complete
      When the CPO reads the CA certificates of the domain cpo
      Then the answer holds the CA certificates of ISO 15118-2 up to a root

    @PKI-CACERTS-02
    Scenario: The answer has the form that EST clients understand
      When the CPO reads the CA certificates of the domain cpo
      Then the answer is certs-only PKCS#7 in base64

    @PKI-CACERTS-16
    Scenario: The root is one that everybody knows
      Given the list of all root certificates
      When the CPO reads the CA certificates of the domain cpo
      Then the answer holds the CA certificates of ISO 15118-2 up to a root
      And the root of the CA certificates is one of the list

    @PKI-CACERTS-15
    Scenario Outline: The chain is that of the certificates issued
      Given the CA certificates that the <party> reads for the domain <domain>
      And the <party> has enrolled a certificate of the domain <domain>
      When the <party> reads the CA certificates of the domain <domain>
      Then the answer holds the CA certificates of ISO 15118-2 up to a root
      And that certificate leads to the root of those CA certificates

      Examples:
        | party | domain |
        | CPO   | cpo    |
        | OEM   | oem    |

    @PKI-CACERTS-18
    Scenario Outline: The CAs are those of ISO 15118
      When the <party> reads the CA certificates of the domain <domain>
      Then the answer holds the CA certificates of <edition> up to a root

      Examples:
        | party | domain              | edition      |
        | CPO   | cpo                 | ISO 15118-2  |
        | eMSP  | emsp                | ISO 15118-2  |
        | OEM   | oem                 | ISO 15118-2  |
        | CPS   | cps                 | ISO 15118-2  |
        | CPO   | cpo of ISO 15118-20 | ISO 15118-20 |

  Rule: The domain selects the chain [caDomainParam.json#/enum; pki.api.v1.cacerts.json#/get/parameters/4]

    Scenario Outline: The chain of each domain
      Given the list of all root certificates
      When the <party> reads the CA certificates of the domain <domain>
      Then the answer holds the CA certificates of ISO 15118-2 up to a root
      And the root of the CA certificates is one of the list

      Examples:
        | requirement    | party | domain |
        | PKI-CACERTS-03 | eMSP  | emsp   |
        | PKI-CACERTS-04 | CPO   | cpo    |
        | PKI-CACERTS-05 | OEM   | oem    |
        | PKI-CACERTS-06 | CPS   | cps    |

    @PKI-CACERTS-07
    Scenario: The chain of vehicles
      Given the list of all root certificates
      When the OEM reads the CA certificates of the domain veh of ISO 15118-20
      Then the answer holds the CA certificates of ISO 15118-20 up to a root
      And the root of the CA certificates is one of the list

    @PKI-CACERTS-17
    Scenario Outline: Each role has a CA of its own
      Given the CA certificates that the CPO reads for the domain cpo
      When the <party> reads the CA certificates of the domain <domain>
      Then the answer holds the CA certificates of ISO 15118-2 up to a root

      Examples:
        | party | domain |
        | eMSP  | emsp   |
        | OEM   | oem    |
        | CPS   | cps    |

    @PKI-CACERTS-08
    Scenario: No domain
      When the CPO reads the CA certificates without saying for which domain
      Then the request is refused for its content

    @PKI-CACERTS-09
    Scenario: A domain that does not exist
      When the CPO reads the CA certificates of the domain foo
      Then the request is refused for its content

    @PKI-CACERTS-14
    Scenario Outline: The domain of another role
      When the <party> reads the CA certificates of the domain <domain>
      And somebody without credentials reads the CA certificates of the domain <domain>
      Then the answer is 403, or the CA certificates are open to everybody as ERR-103 allows

      Examples:
        | party | domain |
        | CPO   | emsp   |
        | OEM   | cpo    |
        | eMSP  | oem    |
        | CPS   | emsp   |

  Rule: The edition of ISO 15118 selects the chain [iso15118VersionParam.json#/enum; pki.api.v1.cacerts.json#/get/parameters/5]

    @PKI-CACERTS-10
    Scenario: No edition
      When the CPO reads the CA certificates of the domain cpo without saying of which edition
      Then the answer is 200 as for ISO 15118-2, or a refusal that ERR-101 allows

    @PKI-CACERTS-11
    Scenario: ISO 15118-20
      When the CPO reads the CA certificates of the domain cpo of ISO 15118-20
      Then the answer holds the CA certificates of ISO 15118-20 up to a root

    @PKI-CACERTS-12
    Scenario: An edition that does not exist
      When the CPO reads the CA certificates of the domain cpo of the edition foo
      Then the request is refused for its content

    @PKI-CACERTS-13
    Scenario Outline: The algorithm of the keys
      When the CPO reads the CA certificates of the domain cpo with the algorithm <algorithm>
      Then the answer holds <algorithm> keys alone

      Examples:
        | algorithm |
        | secp256r1 |
        | secp521r1 |
        | ed448     |
