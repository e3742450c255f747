@mutates
Feature: PCP: delete a provisioning certificate, and data cleansing (deleteProvisioningCertificateV1)
  Whether a provisioning certificate is gone after the OEM has deleted it, and after the pool has found it
  expired or revoked.

  Rule: The OEM deletes the certificate of its vehicle [pcp.api.v1.provisioningCertificateByPcid.json#/delete]

    @PCP-DEL-01
    Scenario: It is gone
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the OEM deletes that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool does not hold that vehicle

    @PCP-DEL-01
    Scenario: Another stays whose PCID differs in its last character
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      And the OEM has published a sibling of that vehicle
      When the OEM deletes a sibling of that vehicle
      And the eMSP reads that vehicle afterwards
      Then the answer is 200
      And the pool holds that vehicle

    @PCP-DEL-01 @PCP-LOOKUP-02
    Scenario: Nobody finds it any more who has found it before
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the eMSP looks up that vehicle
      And the OEM deletes that vehicle
      And the eMSP looks up that vehicle afterwards
      Then that vehicle is not known

  Rule: The pool looks for certificates that are no longer valid and deletes them [02_provisioning-certificate-pool.md § Data Cleansing]

    @PCP-CLN-01 @needs.clock
    Scenario: One that has expired
      Given a vehicle of the OEM that lasts for 3 days
      And the OEM has published that vehicle
      When 3 days and the cleansing interval have passed
      And the eMSP looks up that vehicle afterwards
      Then that vehicle is not known

    @PCP-CLN-02 @needs.clock @needs.ocsp
    Scenario: One that was revoked
      Given a vehicle of the OEM
      And the OEM has published that vehicle
      When the certificate of that vehicle is revoked
      And the cleansing interval has passed
      And the eMSP looks up that vehicle afterwards
      Then that vehicle is not known

    @PCP-CLN-03 @needs.clock
    Scenario: The contracts of one that has expired
      Given a vehicle of the OEM that lasts for 3 days
      And the OEM has published that vehicle
      And a contract of the eMSP for that vehicle
      When 3 days and the cleansing interval have passed
      And its eMSP lists that contract afterwards
      Then the pool does not list that contract
