@mutates
Feature: Looking vehicles up

  Background:
    Given a vehicle of the OEM
    And the OEM has published that vehicle

  Rule: Who makes contracts learns whether a vehicle is known, and no more

    @PCP-LOOKUP-01
    Scenario Outline: A vehicle that is known
      When the <party> looks up that vehicle
      Then the answer is 200

      Examples:
        | party      |
        | eMSP       |
        | other eMSP |

    @PCP-LOOKUP-04
    Scenario: Nothing is told of its certificate
      When the eMSP looks up that vehicle
      Then the answer discloses no certificate
