@mutates
Feature: Production of a vehicle

  Rule: The OEM publishes the provisioning certificate of its vehicle, and eMSPs find it there

    @PCP-PUT-01 @PCP-PUT-02
    Scenario Outline: A vehicle leaves the factory
      Given <vehicle>
      When the OEM publishes that vehicle
      And the eMSP reads that vehicle afterwards
      And the vehicle is plugged in
      Then the answer is 200
      And the pool holds that vehicle
      And the vehicle holds no contract

      Examples:
        | vehicle                                  |
        | a vehicle of the OEM                     |
        | a vehicle of the OEM with secp521r1 keys |
        | a vehicle of the OEM with Ed448 keys     |

  Rule: eMSPs are not told of vehicles that they have no contract for

    @PCP-ACC-03 @needs.receiver
    Scenario: A vehicle leaves the factory, and nobody is told
      Given a vehicle of the OEM
      And the eMSP is subscribed to "mo.prov.cert.updated, mo.prov.cert.deleted, mo.contract.delivered.to.oem"
      When the OEM publishes that vehicle
      And the events have had time to arrive
      Then the answer is 200
      And the eMSP has not been told anything about that vehicle
