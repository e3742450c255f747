@mutates
Feature: Process: end of a vehicle (deleteProvisioningCertificateV1)
  Whether the contracts of a vehicle end with its provisioning certificate, and whether the eMSPs are told.

  Rule: With its provisioning certificate all contracts of the vehicle leave the pool, and eMSPs are told [02_provisioning-certificate-pool.md § 3. Delete…]

    @SYS-FLOW-05 @needs.receiver
    Scenario: The vehicle is scrapped
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.prov.cert.deleted"
      When the OEM deletes that vehicle
      And its eMSP lists that contract until it is gone
      And the vehicle is plugged in
      And every subscriber has received something
      Then the pool does not list that contract
      And the vehicle holds no contract
      And the eMSP has been told "mo.prov.cert.deleted" about that contract

    @PCP-DEL-04
    Scenario: It has contracts of several eMSPs
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the OEM deletes that vehicle
      And the OEM lists the contracts of that vehicle until there are none
      And the vehicle is plugged in
      Then the answer is 200
      And the pool lists no contract
      And the vehicle holds no contract

    @PCP-DEL-05
    Scenario: What the operator has issued is revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And the contract certificate and its CA, as they are delivered
      When the OEM deletes that vehicle
      And its eMSP lists that contract until it is gone
      And the status of the certificate of that contract is asked for without a nonce
      Then the answer is 200
      And the responder tells that it is revoked

    @PCP-DEL-06
    Scenario: What an eMSP has issued is removed
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the OEM deletes that vehicle
      And its eMSP lists that contract until it is gone
      Then the answer is 200
      And the pool does not list that contract

  Rule: The same happens if the pool itself removes a provisioning certificate [02_provisioning-certificate-pool.md § Data Cleansing; ERR-051]

    @PCP-CLN-03 @needs.clock @needs.ocsp
    Scenario: It was revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the certificate of that vehicle is revoked
      And the cleansing interval has passed
      And its eMSP lists that contract until it is gone
      And the vehicle is plugged in
      Then the pool does not list that contract
      And the vehicle holds no contract

    @PCP-CLN-03 @needs.clock
    Scenario: It has expired
      Given a vehicle of the OEM that lasts for 3 days
      And the OEM has published that vehicle
      And a contract of the eMSP for that vehicle
      When 3 days and the cleansing interval have passed
      And its eMSP lists that contract until it is gone
      And the vehicle is plugged in
      Then the pool does not list that contract
      And the vehicle holds no contract
