@mutates
Feature: PCP: look up a vehicle (lookupVehicleV1)
  Whether a party learns if a vehicle is known to the pool, and nothing else of it.

  Background:
    Given a vehicle of the OEM
    And the OEM has published that vehicle

  Rule: Who makes contracts learns whether a vehicle is known, and no more [02_provisioning-certificate-pool.md § 5. Lookup a Vehicle]

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
