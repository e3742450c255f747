@mutates
Feature: Process: installation at a charging station (getSignedContractDataByCertificateInstallationReqV1)
  Whether a vehicle gets its contract at the station of any CPO and as often as it asks, and none if it has
  none.

  Rule: Whatever station a vehicle comes to, and however often, it gets its contract [04_contract-certificate-pool.md § 4. Retrieving…]

    @CCP-CIR-01 @CCP-CIR-23
    Scenario: Twice at a charging station
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the vehicle is plugged in
      And the vehicle is plugged in again
      Then the vehicle holds that contract alone

    @CCP-CIR-10
    Scenario: A vehicle without a contract
      Given a vehicle whose provisioning certificate is published
      And another vehicle whose provisioning certificate is published
      And a second contract of the eMSP for the other vehicle
      When the vehicle is plugged in
      Then the vehicle holds no contract

    @CCP-CIR-01
    Scenario: The contract comes after the first visit
      Given a vehicle whose provisioning certificate is published
      When the vehicle is plugged in
      And the eMSP orders a contract for that vehicle
      And the vehicle is plugged in again
      Then the vehicle holds that contract alone
