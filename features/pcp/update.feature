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

    @PCP-UPD-01
    Scenario: A new certificate is seen by who has read the old one
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle with a new key
      When the eMSP reads that vehicle
      And the OEM publishes the new certificate
      And the eMSP reads the new certificate afterwards
      Then the pool holds the new certificate

    @PCP-UPD-01
    Scenario: A new certificate below other Sub-CAs comes with these
      Given a vehicle of the OEM with edition, V2G roots and previous PCID
      And the OEM has published that vehicle
      And a new certificate of that vehicle below other Sub-CAs
      When the OEM publishes the new certificate
      And the eMSP reads the new certificate afterwards
      Then the reading holds the chain that was published
      And the reading says what the OEM alone can know

    @PCP-UPD-01 @needs.admin
    Scenario: A new certificate below another root
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle below the tester's own root
      And the administrator has registered the tester's own OEM root
      When the OEM publishes the new certificate
      And the eMSP reads the new certificate afterwards
      Then the reading holds the chain that was published

    @PCP-GET-09
    Scenario: A certificate of the other edition
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle for ISO 15118-20
      When the OEM publishes the new certificate
      And the eMSP reads the new certificate afterwards
      Then the reading names the edition of its certificate

  Rule: Requests that come at once do what they do one after the other [02_provisioning-certificate-pool.md § 2. Update…]

    @PCP-UPD-08
    Scenario: Two certificates of a vehicle are published again and again
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle below other Sub-CAs
      When the OEM publishes that vehicle and the new certificate 3 times at once, while the eMSP reads it
      And the eMSP reads that vehicle afterwards
      Then no answer is a failure of the server
      And the pool holds that vehicle or the new certificate, each time as a whole

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

    @PCP-UPD-07 @needs.ocsp
    Scenario: As soon as its certificate was revoked
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And a new certificate of that vehicle with a new key
      When the certificate of that vehicle is revoked
      And the OEM publishes the new certificate
      And the eMSP reads that vehicle afterwards
      Then the pool holds the new certificate

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
