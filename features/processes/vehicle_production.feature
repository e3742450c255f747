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
