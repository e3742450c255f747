@mutates
Feature: Process: contract data returned to the eMSP and stored by it (addSignedContractDataV1)
  Whether signed contract data that the eMSP stores itself reach the vehicle, whoever has signed them.

  Rule: Whoever has signed them, the eMSP may store contract data itself [04_contract-certificate-pool.md § 1. Publish a Contract Certificate]

    @CCP-ADD-01
    Scenario: Signed by the CPS of the ecosystem
      Given a vehicle whose provisioning certificate is published
      And contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI has those contract data signed
      And the eMSP with own PKI stores what the CPS has returned
      And the vehicle is plugged in
      Then the contract is taken
      And the vehicle holds that contract alone

    @CCP-ADD-01
    Scenario Outline: Signed by another CPS
      Given a <vehicle> whose provisioning certificate is published
      And signed contract data of the eMSP with own PKI for that vehicle
      When the eMSP with own PKI stores those signed contract data
      And the vehicle is plugged in
      Then the contract is taken
      And the vehicle holds that contract alone

      Examples:
        | vehicle                     |
        | vehicle                     |
        | vehicle with secp521r1 keys |
        | vehicle with Ed448 keys     |
