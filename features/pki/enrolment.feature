@mutates
Feature: PKI: enrolment by EST (simpleEnrollCertV1)
  Whether a certification request yields a leaf certificate of the domain for which ISO 15118 demands, and
  which requests are refused.

  Rule: A party gets a leaf certificate for a certification request [05_v2g-pki-services.md § EST interface; pki.api.v1.simpleenroll.json#/post]

    @PKI-ENROLL-01
    Scenario: The answer has the form that EST clients understand
      Given a request for a certificate of the domain cpo
      When the CPO sends that request
      Then the answer is certs-only PKCS#7 in base64

    @PKI-ENROLL-24
    Scenario: The certificate comes alone
      Given a request for a certificate of the domain cpo
      When the CPO sends that request
      Then the answer holds one certificate and nothing else

    @PKI-ENROLL-25
    Scenario: A stock EST client understands the answers
      Given a request for a certificate of the domain cpo
      When somebody without credentials sends that request as stock EST clients do
      And the CPO sends that request as stock EST clients do
      Then stock EST clients understand both answers

    Scenario Outline: The certificate of each domain
      Given the CA certificates that the <party> reads for the domain <domain>
      And a request for a certificate of the domain <domain>
      When the <party> sends that request
      Then the certificate issued is the one asked for

      Examples:
        | requirement   | party | domain |
        | PKI-ENROLL-02 | CPO   | cpo    |
        | PKI-ENROLL-03 | eMSP  | emsp   |
        | PKI-ENROLL-04 | OEM   | oem    |
        | PKI-ENROLL-05 | CPS   | cps    |

    Scenario Outline: Certificates of ISO 15118-20
      Given the CA certificates that the <party> reads for the domain <domain> of ISO 15118-20
      And a request for a certificate of the domain <domain> of ISO 15118-20
      When the <party> sends that request
      Then the certificate issued is the one asked for

      Examples:
        | requirement   | party | domain |
        | PKI-ENROLL-06 | OEM   | veh    |
        | PKI-ENROLL-15 | CPO   | cpo    |
        | PKI-ENROLL-15 | eMSP  | emsp   |

    @PKI-ENROLL-17
    Scenario Outline: The algorithm selects the CA
      Given the CA certificates that the CPO reads for the domain cpo with the algorithm <algorithm>
      And a request for a certificate of the domain cpo with the algorithm <algorithm>
      When the CPO sends that request
      Then the certificate issued is the one asked for

      Examples:
        | algorithm |
        | secp256r1 |
        | secp521r1 |
        | ed448     |

    @PKI-ENROLL-07
    Scenario Outline: The certificate holds the key of the request
      Given a request for a certificate of the domain <domain>
      When the <party> sends that request
      Then the certificate issued holds the key of the request

      Examples:
        | party | domain |
        | CPO   | cpo    |
        | OEM   | oem    |

    @PKI-ENROLL-14
    Scenario: No edition
      Given a request for a certificate of the domain cpo without saying of which edition
      When the CPO sends that request
      Then the answer is 200 as for ISO 15118-2, or a refusal that ERR-101 allows

    @PKI-ENROLL-27 @PKI-ENROLL-28
    Scenario Outline: Each certificate is one of ISO 15118, of its issuer
      Given the CA certificates that the <party> reads for the domain <domain>
      And a request for a certificate of the domain <domain>
      When the <party> sends that request
      Then the certificate issued holds the key of the request

      Examples:
        | party | domain              |
        | CPO   | cpo                 |
        | eMSP  | emsp                |
        | OEM   | oem                 |
        | CPS   | cps                 |
        | CPO   | cpo of ISO 15118-20 |

    @PKI-ENROLL-27
    Scenario Outline: What a request asks for besides is not had by asking
      Given a request for a certificate of the domain cpo that asks for <what>
      When the CPO sends that request
      Then the certificate issued has nothing that only the request asks for, if there is one

      Examples:
        | what                |
        | the rights of a CA  |
        | the name of another |

    @PKI-ENROLL-29
    Scenario: A SECC id
      Given a request for a certificate of the domain cpo of ISO 15118-20, named by a SECC id
      When the CPO sends that request
      Then the certificate issued is issued to the SECC id, unless that is refused as ERR-181 allows

    @PKI-ENROLL-30
    Scenario: A request in PEM armour
      Given a request for a certificate of the domain cpo in PEM armour
      When the CPO sends that request
      Then the certificate issued holds the key of the request, unless that is refused as ERR-182 allows

    @PKI-ENROLL-22
    Scenario: The certificate names where its status is told
      Given a request for a certificate of the domain cpo
      When the CPO sends that request
      Then the certificate issued names where its status is told

    @PKI-ENROLL-22
    Scenario: The status of the certificate can be had
      Given the CPO has enrolled a certificate of the domain cpo
      When the status of that certificate is asked for
      Then the responder tells that it is good

    @PKI-ENROLL-26
    Scenario: Asking twice does no harm
      Given a request for a certificate of the domain cpo
      When the CPO sends that request
      And the CPO sends that request once more
      Then neither answer is a failure of the server

  Rule: The request must be a certification request and prove that its sender has the key [pki.api.v1.simpleenroll.json#/post/responses/400]

    @PKI-ENROLL-11
    Scenario Outline: No request at all
      Given a request for a certificate of the domain cpo that is <garbage>
      When the CPO sends that request
      Then the request is refused for its content

      Examples:
        | garbage                |
        | empty                  |
        | no base64              |
        | base64 of random bytes |

    @PKI-ENROLL-12
    Scenario: A signature by another key
      Given a request for a certificate of the domain cpo whose signature is not that of its key
      When the CPO sends that request
      Then the request is refused for its content

    @PKI-ENROLL-16
    Scenario Outline: A key that does not fit
      Given a request for a certificate of the domain cpo <key>
      When the CPO sends that request
      Then the request is refused for its content

      Examples:
        | key                                  |
        | with an RSA key                      |
        | of ISO 15118-20 with a secp256r1 key |

  Rule: The subject must be named as ISO 15118 names it [05_v2g-pki-services.md § Required CSR Datafields]

    Scenario Outline: A subject that is not
      Given a request for a certificate of the domain <domain> <flaw>
      When the <party> sends that request
      Then the request is refused for its content

      Examples:
        | requirement   | party | domain | flaw                             |
        | PKI-ENROLL-08 | CPO   | cpo    | without a common name            |
        | PKI-ENROLL-08 | CPO   | cpo    | with the common name foo         |
        | PKI-ENROLL-08 | eMSP  | emsp   | with the common name foo         |
        | PKI-ENROLL-08 | OEM   | oem    | with the common name foo         |
        | PKI-ENROLL-10 | CPO   | cpo    | with an EVSE id of another type  |
        | PKI-ENROLL-10 | CPO   | cpo    | with an EVSE id without an outlet |
        | PKI-ENROLL-10 | CPO   | cpo    | with 32 characters behind the E  |

    @PKI-ENROLL-09
    Scenario: No organization
      Given a request for a certificate of the domain cpo without an organization
      When the CPO sends that request
      Then the request is refused for its content, or served as ERR-112 allows

  Rule: The domain must be known and be that of the party [pki.api.v1.simpleenroll.json#/post/parameters/4; 04_authentication.md § Roles&Rights]

    @PKI-ENROLL-13
    Scenario Outline: A domain that is none
      Given a request for a certificate of the domain cpo <flaw>
      When the CPO sends that request
      Then the request is refused for its content

      Examples:
        | flaw                             |
        | without saying for which domain  |
        | but for the domain foo           |

    @PKI-ENROLL-18
    Scenario Outline: The domain of another role
      Given a request for a certificate of the domain <domain>
      When the <party> sends that request
      Then the request is refused, for the party has no right to it

      Examples:
        | party | domain |
        | CPO   | oem    |
        | OEM   | emsp   |
        | eMSP  | cpo    |
        | CPS   | emsp   |

    @PKI-ENROLL-23
    Scenario: Nobody without credentials
      Given a request for a certificate of the domain cpo
      When somebody without credentials sends that request
      Then the answer is 401

  Rule: A party gets certificates in its own name only [04_authentication.md § OEM, § eMSP, § CPO]

    Scenario Outline: The name of another
      Given a request for a certificate of the domain <domain> in the name of another
      When the <party> sends that request
      Then the request is refused, for it is about something of another

      Examples:
        | requirement   | party | domain |
        | PKI-ENROLL-19 | OEM   | oem    |
        | PKI-ENROLL-20 | eMSP  | emsp   |

    @PKI-ENROLL-21 @AUTH-OWN-03
    Scenario: The EVSE id of another operator
      Given a request for a certificate of the domain cpo in the name of another
      When the CPO sends that request
      Then the request is refused, for it is about something of another
