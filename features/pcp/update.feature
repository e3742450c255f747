@mutates
Feature: PCP: update a provisioning certificate (addProvisioningCertificateV1)
  Whether a new provisioning certificate replaces the one before, passes the control steps first, and may
  follow a deletion.

  Rule: A new certificate for a PCID takes the place of the old one [02_provisioning-certificate-pool.md § 2. Update…]

    @PCP-UPD-01
    Scenario Outline: A new certificate of a known vehicle
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle with <key>
      When the OEM publishes the new certificate
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds the new certificate

      Examples:
        | key          |
        | the same key |
        | a new key    |

  Rule: What fails a control step changes nothing [02_provisioning-certificate-pool.md § 1. Publish…]

    @PCP-UPD-06
    Scenario: A new certificate of no use
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle that has expired already
      When the OEM publishes the new certificate
      And the eMSP reads that vehicle afterwards
      Then the request is refused
      And the pool still holds the old certificate

  Rule: A vehicle that was withdrawn can be published again [05_v2g-pki-services.md § OEM provisioning certificates]

    @PCP-UPD-07
    Scenario: After its deletion
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And the OEM has deleted that vehicle
      And a new certificate of that vehicle with a new key
      When the OEM publishes the new certificate
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds the new certificate

    @PCP-UPD-07 @needs.clock @needs.ocsp
    Scenario: After its certificate was revoked
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle with a new key
      When the certificate of that vehicle is revoked
      And the cleansing interval has passed
      And the OEM publishes the new certificate
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds the new certificate
