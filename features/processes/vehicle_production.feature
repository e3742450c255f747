@mutates
Feature: Process: production of a vehicle (addProvisioningCertificateV1)
  Whether eMSPs find the provisioning certificate of a new vehicle that its OEM has published.

  Rule: The OEM publishes the provisioning certificate of its vehicle, and eMSPs find it there [02_provisioning-certificate-pool.md § 1. Publish…]

    @PCP-PUT-01 @PCP-PUT-02
    Scenario Outline: A vehicle leaves the factory
      Given <vehicle>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      And the vehicle is plugged in
      Then the answer is 200
      And the pool holds that vehicle
      And the vehicle holds no contract

      Examples:
        | vehicle                                  |
        | a vehicle of the OEM                     |
        | a vehicle of the OEM with secp521r1 keys |
        | a vehicle of the OEM with Ed448 keys     |
