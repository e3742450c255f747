@mutates
Feature: CCP: set the default contract (setSignedContractDataAsDefaultV1)
  Whether the OEM can choose which contract of its vehicle is the default, whether that one is delivered,
  and what is refused.

  Background:
    Given a vehicle whose provisioning certificate is published
    And a contract of the eMSP for that vehicle
    And a second contract of the other eMSP for that vehicle

  Rule: The OEM of the vehicle chooses, and its choice is delivered [ccp.api.v1.signedContractDataSetDefault.json#/post]

    @CCP-DEF-01
    Scenario: The choice
      When the OEM makes the second contract the default
      And the OEM lists the contracts of that vehicle afterwards
      Then the answer is 200
      And the second contract alone is the default

    @CCP-DEF-02
    Scenario: The choice is delivered
      When the OEM makes the second contract the default
      And the vehicle asks for contracts at a charging station afterwards
      Then the second contract alone is delivered

    @CCP-DEF-03
    Scenario: Another choice
      Given the OEM has made the second contract the default
      When the OEM makes that contract the default
      And the OEM lists the contracts of that vehicle afterwards
      Then the answer is 200
      And that contract alone is the default

    @CCP-DEF-07
    Scenario: The same choice once more
      Given the OEM has made the second contract the default
      When the OEM makes the second contract the default again
      And the OEM lists the contracts of that vehicle afterwards
      Then the answer is 200
      And the second contract alone is the default

    @CCP-DEF-08
    Scenario: The default is deleted
      Given the OEM has made the second contract the default
      When the other eMSP deletes the second contract
      And the vehicle asks for contracts at a charging station afterwards
      Then that contract alone is delivered, or none

  Rule: What is no contract of the vehicle is refused, and the default stays [ccp.api.v1.signedContractDataSetDefault.json#/post/responses]

    @CCP-DEF-04
    Scenario Outline: Ids that are none
      When the OEM makes the contract "<emaid>" the default of the vehicle "<pcid>"
      Then the answer is 400

      Examples:
        | emaid          | pcid              |
        | DEABC12345678  | WDB45678901234567 |
        | DEABC123456789 | WDB4567890123456  |

    @CCP-DEF-05
    Scenario: A contract that the vehicle does not have
      Given the OEM has made the second contract the default
      And a further order for that vehicle
      When the OEM makes the further contract the default
      And the OEM lists the contracts of that vehicle afterwards
      Then the answer is 400 or 404
      And the second contract alone is the default

    @CCP-DEF-06
    Scenario Outline: Somebody else chooses
      When the <party> makes the second contract the default
      And the OEM lists the contracts of that vehicle afterwards
      Then the request is refused, for it is about something of another
      And the second contract is not the default

      Examples:
        | party     |
        | eMSP      |
        | CPO       |
        | other OEM |
