@mutates
Feature: Several contracts of one vehicle

  Rule: In ISO 15118-2 the vehicle gets the default, and another when that changes

    @CCP-CIR-05
    Scenario: The first contract is the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract, of the other eMSP, for that vehicle
      When the vehicle is plugged in
      Then the vehicle holds that contract alone

    @CCP-DEF-02
    Scenario: The customer changes the default
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract, of the other eMSP, for that vehicle
      When the vehicle is plugged in
      And the OEM makes the second contract the default
      And the vehicle is plugged in again
      Then the answer is 200
      And the vehicle holds both contracts

    @CCP-DEL-09
    Scenario: One of the contracts ends
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract, of the other eMSP, for that vehicle
      And the OEM has made the second contract the default
      When the eMSP deletes that contract
      And the vehicle is plugged in
      Then the vehicle holds the second contract alone

  Rule: In ISO 15118-20 it gets all of its contracts

    @CCP-CIR-07
    Scenario Outline: Two contracts at once
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract, of the eMSP with own PKI, for that vehicle
      When the vehicle is plugged in
      Then the vehicle holds both contracts

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

  Rule: A vehicle of both editions gets in each the contracts of that edition

    @CCP-CIR-26
    Scenario: One contract in each
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And a second contract, of the other eMSP, for that vehicle in ISO 15118-20
      When the vehicle is plugged in
      And the vehicle is plugged in for ISO 15118-20 as well
      Then the vehicle holds that contract alone
      And the vehicle holds the second contract alone in ISO 15118-20

    @CCP-CIR-26
    Scenario: One and the same contract in both
      Given a vehicle of both editions of ISO 15118 whose provisioning certificates are published
      And a contract of the eMSP for that vehicle
      And the same contract in ISO 15118-20
      When the vehicle is plugged in
      And the vehicle is plugged in for ISO 15118-20 as well
      Then the vehicle holds that contract alone
      And the vehicle holds that contract alone in ISO 15118-20
