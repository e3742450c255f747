@needs.admin @mutates
Feature: RCP: register a root certificate (putRootCertificateV1)
  Whether the administrator can register a root certificate, under which id it is listed, and what is
  refused.

  Rule: The administrator registers a root with its certificate and its types [01_root-certificate-pool.md § 1. Deliver Root Certificates]

    @RCP-PUT-01
    Scenario Outline: A new root is stored and listed
      When the administrator registers a root of types "<types>"
      And a party lists the root certificates afterwards
      Then the answer is 200
      And the pool lists that root with types "<types>"

      Examples:
        | types     |
        | v2g       |
        | oem       |
        | emsp      |
        | oem, emsp |

    @RCP-PUT-01
    Scenario: A root that is valid for minutes only
      When the administrator registers a root that expires in 15 minutes
      And a party lists the root certificates afterwards
      Then the request is refused, or the pool lists that root

    @RCP-PUT-01
    Scenario Outline: A new root is in every list that was read before
      When a party lists <roots>
      And the administrator registers a root of type "v2g"
      And a party lists <roots> afterwards
      Then the answer is 200
      And the pool lists that root with types "v2g"

      Examples:
        | roots                               |
        | the root certificates               |
        | the root certificates of type "v2g" |

    @RCP-OBJ-07
    Scenario: What is said beside the certificate is handed on
      Given the administrator has registered a root with every member that it may have
      When a party lists the root certificates
      Then the pool lists that root, with every member as it was sent

  Rule: The pool decides the id, and one certificate is one entry [rootCertificate.v1.json#/properties/rootCertificateId; ERR-015]

    @RCP-PUT-02
    Scenario: An id sent by the client does not become the id
      When the administrator registers a root with an id of its own
      And a party lists the root certificates afterwards
      Then the request is refused, or the pool lists that root under another id

    @RCP-PUT-07
    Scenario: Registering a root twice leaves one entry
      Given the administrator has registered a root of type "v2g"
      When the administrator registers that root again
      And a party lists the root certificates afterwards
      Then the pool lists that root, once, under the same id

    @RCP-PUT-09
    Scenario Outline: Registering a root again changes its entry
      Given the administrator has registered <root>
      When a party lists <roots>
      And the administrator registers that root again <with>
      And a party lists <roots> afterwards
      Then the request is refused, or the pool says of that root what was sent last

      Examples:
        | root                                      | with                   | roots                              |
        | a root of type "v2g"                      | with types "oem, pe"   | the root certificates              |
        | a root of type "v2g"                      | with types "oem, pe"   | the root certificates of type "pe" |
        | a root with every member that it may have | with other trust lists | the root certificates              |

    @RCP-PUT-09
    Scenario: Who has read a root by its id before sees the change
      Given the administrator has registered a root of type "v2g"
      When a party reads that root
      And the administrator registers that root again with types "oem, pe"
      And a party reads that root afterwards
      And a party lists the root certificates afterwards
      Then the request is refused, or the pool says of that root what was sent last

  Rule: Requests that come at once do what they do one after the other [rcp.api.v1.rootcertificates.json#/put; ERR-015]

    @RCP-PUT-10
    Scenario: Several requests register one root
      When the administrator registers a root by 8 requests at once
      And a party lists the root certificates
      And the administrator registers that root again
      And a party lists the root certificates afterwards
      Then no answer is a failure of the server
      And the pool lists that root, once, unless each request makes an entry

  Rule: What is no valid root is refused and changes nothing [rootCertificate.v1.json#/required; 01_root-certificate-pool.md § Root Certificate Pool]

    @RCP-PUT-03
    Scenario Outline: A member is missing
      Given the list of all root certificates
      When the administrator registers a root without "<member>"
      And a party lists the root certificates afterwards
      Then the request is refused with 400
      And the list of roots is unchanged

      Examples:
        | member       |
        | certificate  |
        | types        |
        | any member   |

    @RCP-PUT-04
    Scenario Outline: The certificate is garbage
      Given the list of all root certificates
      When the administrator registers a root whose certificate is <garbage>
      And a party lists the root certificates afterwards
      Then the request is refused with 400
      And the list of roots is unchanged

      Examples:
        | garbage                 |
        | not base64              |
        | base64 of random bytes  |
        | a truncated certificate |
        | PEM                     |
        | empty                   |
        | a number                |

    @RCP-PUT-05
    Scenario Outline: The certificate is no root
      Given the list of all root certificates
      When the administrator registers <certificate> as a root
      And a party lists the root certificates afterwards
      Then the request is refused
      And the list of roots is unchanged

      Examples:
        | certificate                                           |
        | an end-entity certificate                             |
        | a Sub-CA certificate                                  |
        | a self-signed end entity                              |
        | a CA that may not sign certificates                   |
        | a CA with an RSA key                                  |
        | a CA with a secp384r1 key                             |
        | a certificate with a wrong signature                  |
        | a certificate that another key has signed in its name |

    @RCP-PUT-06
    Scenario: A root that has already expired
      When the administrator registers a root that has expired
      And a party lists the root certificates afterwards
      Then the request is refused, or the pool does not list that root

    @RCP-PUT-06
    Scenario: A root that has expired minutes ago
      When the administrator registers a root that expired 15 minutes ago
      And a party lists the root certificates afterwards
      Then the request is refused, or the pool does not list that root

    @RCP-PUT-11 @needs.receiver
    Scenario: A root that its own revocation list names
      When the administrator registers a root with a revocation list that names it
      And a party lists the root certificates afterwards
      Then the pool, having asked for the revocation list, does not list that root
