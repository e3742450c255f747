@mutates
Feature: PCP: read a provisioning certificate (getProvisioningCertificateV1)
  Whether a party gets the provisioning certificate of a vehicle with its chain as long as it is valid.

  Background:
    Given a vehicle of the OEM
    And the OEM has published that vehicle

  Rule: Who makes contracts reads the certificate of any vehicle by its PCID [02_provisioning-certificate-pool.md § 4. Request…]

    Scenario Outline: What the answer says
      When the eMSP reads that vehicle
      Then the answer <what>

      Examples:
        | requirement | what                                   |
        | PCP-GET-01  | holds the chain that was published     |
        | PCP-GET-02  | is wrapped as the contract says        |
        | PCP-GET-08  | has the fingerprint of the certificate |

    @PCP-GET-03
    Scenario: The chain is one that can be trusted
      Given the list of all root certificates
      When the eMSP reads that vehicle
      Then the chain in the answer leads to a root of the list

    @PCP-GET-09
    Scenario Outline: What the OEM alone can know
      Given another vehicle of the OEM <kind>
      And the OEM has published the other vehicle
      When the eMSP reads the other vehicle
      Then the answer says what the OEM alone can know
      And the answer names the edition of its certificate

      Examples:
        | kind                                      |
        | with edition, V2G roots and previous PCID |
        | with secp521r1 keys                       |

    @PCP-GET-06
    Scenario Outline: Every eMSP, every OEM
      Given another vehicle of the <oem>
      And the <oem> has published the other vehicle
      When the <emsp> reads the other vehicle
      Then the answer holds the chain that was published

      Examples:
        | oem       | emsp              |
        | OEM       | other eMSP        |
        | other OEM | eMSP              |
        | other OEM | eMSP with own PKI |

  Rule: A certificate that is no longer valid is not handed out [02_provisioning-certificate-pool.md § Data Cleansing]

    @PCP-GET-07
    Scenario: One that was read before it was deleted
      When the eMSP reads that vehicle
      And the OEM deletes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the pool does not hold that vehicle

    @PCP-GET-07
    Scenario: One that was deleted
      Given the OEM has deleted that vehicle
      When the eMSP reads that vehicle
      Then the answer is 404

    @PCP-GET-07 @needs.clock
    Scenario: One that has expired
      Given another vehicle of the OEM that lasts for 3 days
      And the OEM has published the other vehicle
      When 3 days and the cleansing interval have passed
      And the eMSP reads the other vehicle
      Then the answer is 404

    @PCP-GET-07 @needs.clock @needs.ocsp
    Scenario: One that was revoked
      When the certificate of that vehicle is revoked
      And the cleansing interval has passed
      And the eMSP reads that vehicle
      Then the answer is 404
