@mutates
Feature: PCP: control steps before publication (addProvisioningCertificateV1)
  Whether the pool verifies WMI, validity, status and chain before it stores a provisioning certificate, in
  this order, and stores nothing that fails.

  Rule: First, the WMI of the PCID must be one of the OEM that calls [02_provisioning-certificate-pool.md § 1. Publish…]

    @PCP-CTRL-01 @AUTH-OWN-01
    Scenario: The WMI of another OEM
      Given a vehicle of the other OEM
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the pool does not hold that vehicle

    @PCP-CTRL-01 @AUTH-OWN-01
    Scenario: A WMI of its own that is not where it belongs
      Given a vehicle of the OEM with one of its WMIs behind that of nobody
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the pool does not hold that vehicle

    @PCP-CTRL-01 @AUTH-OWN-01
    Scenario: A WMI of nobody
      Given a vehicle of the OEM with a WMI that nobody was given
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the pool does not hold that vehicle

  Rule: Second, every certificate from the leaf to the root must not have expired [02_provisioning-certificate-pool.md § 1. Publish…]

    @PCP-CTRL-02
    Scenario Outline: One that has expired
      Given a vehicle of the OEM whose <certificate> has expired
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the pool does not hold that vehicle

      Examples:
        | certificate |
        | certificate |
        | Sub-CA 2    |
        | Sub-CA 1    |

    @PCP-CTRL-02
    Scenario: One that has expired minutes ago
      Given a vehicle of the OEM whose certificate expired 15 minutes ago
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the pool does not hold that vehicle

    @PCP-CTRL-11
    Scenario Outline: One that is not valid yet
      Given a vehicle of the OEM whose certificate becomes valid in <time>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the pool does not hold that vehicle

      Examples:
        | time       |
        | a week     |
        | 15 minutes |

    @PCP-CTRL-02 @needs.admin @needs.clock
    Scenario: A root that has expired
      Given the administrator has registered the tester's own OEM root, which lasts for 3 days
      And a vehicle of the OEM under the tester's own root
      When 3 days and the cleansing interval have passed
      And the OEM publishes that vehicle
      Then the request is refused with 400, or with another status as ERR-044 allows

  Rule: Third, the status of every certificate is had by OCSP or CRL, and none may be revoked [02_provisioning-certificate-pool.md § 1. Publish…]

    @needs.ocsp
    Scenario Outline: One that is revoked
      Given a vehicle of the OEM
      And the <certificate> of that vehicle is revoked
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the status of its certificate was asked for
      And the pool does not hold that vehicle

      Examples:
        | requirement | certificate |
        | PCP-CTRL-03 | certificate |
        | PCP-CTRL-04 | Sub-CA 2    |
        | PCP-CTRL-04 | Sub-CA 1    |

    @PCP-CTRL-05 @needs.ocsp
    Scenario: One that is revoked by a CRL
      Given a vehicle of the OEM with a CRL and no OCSP responder
      And the certificate of that vehicle is revoked
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the status of its certificate was asked for
      And the pool does not hold that vehicle

    @PCP-CTRL-06 @needs.ocsp
    Scenario: One whose CA does not know it
      Given a vehicle of the OEM
      And the responder of that vehicle does not know its certificate
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused and nothing is stored, for the status cannot be had

    @PCP-CTRL-06 @needs.ocsp
    Scenario: One whose status nobody tells
      Given a vehicle of the OEM
      And the responder of that vehicle cannot be reached
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused and nothing is stored, for the status cannot be had

    @SYS-ERR-06 @needs.ocsp
    Scenario: That nobody tells a status is said to be the fault of who should
      Given a vehicle of the OEM
      And the responder of that vehicle cannot be reached
      When the OEM publishes that vehicle
      Then the request is refused with 502, 503 or 504, or as ERR-047 allows

  Rule: A status is had anew where newer information may be there [02_provisioning-certificate-pool.md § 1. Publish…; ERR-047]

    @PCP-CTRL-12 @needs.ocsp
    Scenario Outline: A Sub-CA that was good when another vehicle was published
      Given a vehicle with an OCSP responder alone, whose answers are of the moment whose provisioning certificate is published
      And another vehicle with an OCSP responder alone, whose answers are of the moment
      When the <certificate> of that vehicle is revoked
      And the OEM publishes the other vehicle
      And the eMSP reads the other vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the pool does not hold the other vehicle

      Examples:
        | certificate |
        | Sub-CA 2    |
        | Sub-CA 1    |

    @PCP-CTRL-12 @needs.ocsp
    Scenario: A certificate that was good before it was withdrawn
      Given a vehicle with an OCSP responder alone, whose answers are of the moment whose provisioning certificate is published
      And the OEM has deleted that vehicle
      When the certificate of that vehicle is revoked
      And the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the pool does not hold that vehicle

  Rule: Fourth, the chain must lead by valid signatures to a root that the root certificate pool knows [02_provisioning-certificate-pool.md § 1. Publish…]

    Scenario Outline: A chain that does not
      Given a vehicle of the OEM <flaw>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the pool does not hold that vehicle

      Examples:
        | requirement | flaw                                      |
        | PCP-CTRL-07 | under a root nobody knows                 |
        | PCP-CTRL-07 | under a root with the name of a known one |
        | PCP-CTRL-08 | whose Sub-CAs are swapped                 |
        | PCP-CTRL-08 | whose Sub-CA 2 is that of another chain   |
        | PCP-CTRL-08 | whose certificate was tampered with       |
        | PCP-CTRL-08 | whose certificate was issued by a leaf    |

    @PCP-CTRL-10
    Scenario: A V2G root is as good as one of an OEM
      Given a vehicle of the OEM under a V2G root
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then that vehicle is stored, or refused as ERR-048 allows

  Rule: The steps are taken in this order, and the first that fails ends it [02_provisioning-certificate-pool.md § 1. Publish…; ERR-044]

    @PCP-CTRL-09 @needs.ocsp
    Scenario: A foreign WMI ends it before any status is asked for
      Given a vehicle of the other OEM
      And the certificate of that vehicle is revoked
      When the OEM publishes that vehicle
      Then the request is refused, for it is about something of another
      And the status of its certificate was not asked for

    @PCP-CTRL-09 @needs.ocsp
    Scenario: An expired certificate ends it before any status is asked for
      Given a vehicle of the OEM whose Sub-CA 1 has expired
      And the certificate of that vehicle is revoked
      When the OEM publishes that vehicle
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the status of its certificate was not asked for

    @PCP-CTRL-09 @needs.ocsp
    Scenario: A status is asked for before the root is looked at
      Given a vehicle of the OEM under a root nobody knows
      And the certificate of that vehicle is revoked
      When the OEM publishes that vehicle
      Then the request is refused with 400, or with another status as ERR-044 allows
      And the status of its certificate should have been asked for
