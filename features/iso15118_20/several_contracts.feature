@mutates
Feature: ISO 15118-20: several contracts in one answer
  Whether a vehicle gets all of its contracts in the order it asks for, can use each, and keeps the others
  when one ends.

  Rule: The vehicle gets all of its contracts, and can use each [getSignedContractDataRes.v1.json#/properties/signedContractDataCollection]

    @CCP-CIR-07
    Scenario Outline: Three contracts of three eMSPs
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the eMSP with own PKI for that vehicle
      And a third contract of the other eMSP for that vehicle
      When the vehicle is plugged in
      Then the vehicle holds all three contracts
      And the answer tells with each contract how many follow

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

  Rule: What the vehicle wants first comes first [getSignedContractDataRes.v1.json#/properties/signedContractDataCollection; ERR-092]

    @CCP-CIR-07
    Scenario Outline: The vehicle names the last one
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the vehicle is plugged in, wanting the second contract first
      Then the vehicle holds both contracts
      And the second contract has come first

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

  Rule: Each contract has its own end [04_contract-certificate-pool.md § 3. Delete a Contract Certificate]

    @CCP-DEL-09
    Scenario: One of them is withdrawn
      Given a vehicle with secp521r1 keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the other eMSP for that vehicle
      When the eMSP deletes that contract
      And the vehicle is plugged in
      Then the vehicle holds the second contract alone
