@mutates
Feature: Process: change of the key of a vehicle (addProvisioningCertificateV1)
  Whether contracts for the old key of a vehicle end and are made anew, and whether those for an unchanged
  key stay.

  Rule: Contracts for the old key are of no use any more and leave the pool; eMSPs make new ones [02_provisioning-certificate-pool.md § 2. Update…]

    @SYS-FLOW-06 @PCP-UPD-02 @needs.receiver
    Scenario: The workshop changes the control unit
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated"
      When the OEM publishes the new certificate
      And its eMSP lists that contract until it is gone
      And the eMSP places that order again
      And the vehicle with its new certificate is plugged in
      And every subscriber has received something
      Then the pool does not list that contract
      And the eMSP has been told "mo.prov.cert.updated" about that contract
      And the vehicle holds that contract alone

    @PCP-UPD-04
    Scenario: Until there is a new contract
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And a new certificate of that vehicle with a new key
      When the OEM publishes the new certificate
      And the OEM lists the contracts of that vehicle until there are none
      And the vehicle with its new certificate is plugged in
      Then the answer is 200
      And the pool lists no contract
      And the vehicle holds no contract

  Rule: With a new certificate for the same key the contracts stay [02_provisioning-certificate-pool.md § 2. Update…]

    @PCP-UPD-05
    Scenario: The certificate is renewed
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a new certificate of that vehicle with the same key
      When the OEM publishes the new certificate
      And its eMSP lists that contract afterwards
      And the vehicle with its new certificate is plugged in
      Then the answer is 200
      And the pool lists that contract
      And the vehicle holds that contract alone
