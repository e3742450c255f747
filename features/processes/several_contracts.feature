@mutates
Feature: Process: several contracts of one vehicle
  Whether a vehicle of ISO 15118-2 gets its default contract, and another one after the default has changed
  or ended.

  Rule: In ISO 15118-2 the vehicle gets the default, and another when that changes [contractCertificateData.v1.json#/properties/defaultContract]

    @CCP-CIR-05
    Scenario: The first contract is the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And the OEM has made that contract the default
      When the vehicle is plugged in
      Then the vehicle holds that contract alone

    @CCP-DEF-02
    Scenario: The customer changes the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And the OEM has made that contract the default
      When the vehicle is plugged in
      And the OEM makes the second contract the default
      And the vehicle is plugged in again
      Then the answer is 200
      And the vehicle holds both contracts

    @CCP-DEL-09
    Scenario: One of the contracts ends
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      And the OEM has made the second contract the default
      When the eMSP deletes that contract
      And the vehicle is plugged in
      Then the vehicle holds the second contract alone
