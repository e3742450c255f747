@mutates
Feature: PCP: publish a provisioning certificate (addProvisioningCertificateV1)
  Whether the OEM can publish a provisioning certificate with its chain, and which data are refused and not
  stored.

  Rule: The OEM publishes the certificate of its vehicle with the chain below the root [02_provisioning-certificate-pool.md § 1. Publish…]

    @PCP-PUT-01
    Scenario: A complete chain is stored
      Given a vehicle of the OEM
      When the OEM publishes that vehicle
      And the eMSP looks up that vehicle afterwards
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And that vehicle is known
      And the pool holds that vehicle

    @PCP-PUT-01
    Scenario: It is found by who has looked it up before in vain
      Given a vehicle of the OEM
      When the eMSP looks up that vehicle
      And the OEM publishes that vehicle
      And the eMSP looks up that vehicle afterwards
      Then that vehicle is known

    @PCP-PUT-01
    Scenario: It is read by who has tried to read it before in vain
      Given a vehicle of the OEM
      When the eMSP reads that vehicle in this pool alone
      And the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the pool holds that vehicle

    @PCP-PUT-01
    Scenario Outline: A certificate is good to the minute
      Given a vehicle of the OEM <valid>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds that vehicle

      Examples:
        | valid                              |
        | that lasts for another 15 minutes  |
        | that has been valid for 15 minutes |

    @PCP-PUT-02
    Scenario: Two PCIDs that differ in their last character
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the OEM publishes a sibling of that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds that vehicle

    @PCP-PUT-02
    Scenario: The PCID is the common name of the certificate
      Given a vehicle of the OEM
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the pool holds that vehicle

    @PCP-PUT-03
    Scenario: The chain is all that must be said
      Given a vehicle of the OEM with its chain alone
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then that vehicle is stored, or refused as ERR-040 allows

    @PCP-PUT-04
    Scenario: Everything that may be said
      Given a vehicle of the OEM with every optional member
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds that vehicle
      And the reading describes the vehicle truly

    @PCP-PUT-13
    Scenario: A single Sub-CA is enough
      Given a vehicle of the OEM under a single Sub-CA
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then that vehicle is stored, or refused as ERR-031 allows

    @PCP-PUT-14
    Scenario Outline: Vehicles of ISO 15118-20
      Given a vehicle of the OEM with <algorithm> keys
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds that vehicle
      And the reading names the edition of its certificate

      Examples:
        | algorithm |
        | secp521r1 |
        | Ed448     |

  Rule: What is no provisioning certificate object is refused and stored nowhere [pcp.api.v1.provisioningCertificates.json#/put/responses/400]

    Scenario Outline: A member that must not be so
      Given a vehicle of the OEM with <flaw>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400
      And the pool does not hold that vehicle

      Examples:
        | requirement | flaw                                   |
        | PCP-PUT-05  | no entry in the list of V2G roots      |
        | PCP-PUT-05  | the same V2G root twice                |
        | PCP-PUT-06  | the previous PCID X                    |

    @PCP-PUT-07
    Scenario Outline: A common name that is no PCID
      Given a vehicle of the OEM with <name>
      When the OEM publishes that vehicle
      Then the answer is 400 with an error body that names "pcid"

      Examples:
        | name                      |
        | a PCID of 16 characters   |
        | a PCID of 19 characters   |
        | a hyphen in its PCID      |

    Scenario Outline: Something else in the place of a certificate
      Given a vehicle of the OEM whose <member> is <garbage>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 400 with an error body that names "<name>"
      And the pool does not hold that vehicle

      Examples:
        | requirement | member            | garbage                 | name               |
        | PCP-PUT-08  | certificate       | base64 of random bytes  | vehicleCertificate |
        | PCP-PUT-08  | certificate       | a truncated certificate | vehicleCertificate |
        | PCP-PUT-08  | certificate       | a number                | vehicleCertificate |
        | PCP-PUT-09  | subCa2Certificate | base64 of random bytes  | subCa2Certificate  |
        | PCP-PUT-09  | subCa2Certificate | not base64              | subCa2Certificate  |
        | PCP-PUT-10  | subCa1Certificate | base64 of random bytes  | subCa1Certificate  |
        | PCP-PUT-10  | subCa1Certificate | a truncated certificate | subCa1Certificate  |

    @PCP-PUT-11
    Scenario Outline: No chain at all
      Given a vehicle of the OEM, <flaw>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400
      And the pool does not hold that vehicle

      Examples:
        | flaw               |
        | without a chain    |
        | as an empty object |
        | as nothing at all  |

    @PCP-PUT-12
    Scenario Outline: A certificate in another form than plain base64
      Given a vehicle of the OEM, <form>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the request is refused with 400
      And the pool does not hold that vehicle

      Examples:
        | form                     |
        | as PEM                   |
        | with line breaks         |
        | in the URL-safe alphabet |
