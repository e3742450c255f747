@needs.second-ecosystem
Feature: Pool collaboration: contracts across three ecosystems
  Whether a vehicle of one ecosystem gets a contract of another at a charging station of a third, and what
  its end means there.

  Rule: Vehicle, contract and charging station may belong to three ecosystems [02_PnC_business-processes.md § Pool Interoperability…]

    @SYS-FLOW-07 @needs.admin @mutates
    Scenario Outline: The target has one part of three
      Given the administrator has registered the V2G root of beta
      And a vehicle of the <oem>
      And the <oem> has published that vehicle
      And a contract of the <emsp> for that vehicle
      When the vehicle asks all pools for contracts by way of the <cpo>
      Then that contract alone is delivered
      And the vehicle can install that contract

      Examples:
        | oem           | emsp         | cpo          |
        | OEM           | eMSP of beta | CPO of gamma |
        | OEM of gamma  | eMSP         | CPO of beta  |
        | OEM of gamma  | eMSP of beta | CPO          |
        | OEM of beta   | eMSP         | CPO          |
        | OEM           | eMSP of beta | CPO          |

  Rule: What happens to a vehicle in its own ecosystem has its effects in the others [02_PnC_business-processes.md § Pool Interoperability…]

    @POOL-SYNC-01 @mutates
    Scenario: The vehicle is deleted
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      And the OEM has deleted that vehicle
      When the vehicle asks all pools for contracts by way of the CPO of gamma
      Then no contract is delivered

    @SYS-FLOW-07 @needs.admin @mutates
    Scenario: The vehicle gets a new key
      Given the administrator has registered the V2G root of beta
      And a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI of beta for that vehicle
      And a new certificate of that vehicle with a new key
      And the OEM has published the new certificate
      And its eMSP has had new contract data for that contract and the new certificate signed
      When the vehicle with its new certificate asks all pools for contracts by way of the CPO of beta
      Then the vehicle with its new certificate can install the new data of that contract

  Rule: Every ecosystem delivers its own contract first [02_PnC_business-processes.md § Pool Interoperability…]

    @SYS-FLOW-07 @mutates
    Scenario: Two eMSPs of two ecosystems
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a second contract of the eMSP with own PKI of beta for that vehicle, stored by itself
      When the vehicle asks all pools for contracts
      And the vehicle asks all pools for contracts by way of the CPO of beta afterwards
      Then the second contract alone is delivered
