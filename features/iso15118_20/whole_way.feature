@mutates
Feature: ISO 15118-20: a contract from its conclusion to the vehicle
  Whether a contract with keys of every kind reaches a vehicle of ISO 15118-20 on each way there is, and is
  renewed and ended as in ISO 15118-2.

  Rule: Whoever makes it and whatever the keys, a contract reaches the vehicle and can be used there [xsdMsgDefNamespaceParam.v1.json#/enum; ERR-063]

    @CPS-SIGN-27
    Scenario Outline: An eMSP with own PKI has its contract signed
      Given a vehicle with <keys> keys whose provisioning certificate is published
      When the eMSP with own PKI concludes a contract for that vehicle and has it signed
      And the vehicle is plugged in
      Then the vehicle holds that contract alone

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

    @CPS-GEN-24
    Scenario Outline: The operator generates the contract
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      When the eMSP places that order
      And the vehicle is plugged in
      Then the contract is taken
      And the vehicle holds that contract alone

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

    @CCP-SCD-08 @needs.receiver
    Scenario Outline: The OEM brings the contract to its vehicle
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created"
      When the eMSP orders a contract for that vehicle
      And the OEM fetches the contract that it is told of in its edition
      And the OEM sends the vehicle what it has fetched
      Then the vehicle holds that contract alone

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

  Rule: Contracts follow the life of the vehicle as in ISO 15118-2 [04_contract-certificate-pool.md § 2. Update a Contract Certificate; ERR-049]

    @CCP-ADD-03
    Scenario Outline: A contract is renewed
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      When the vehicle is plugged in
      And the eMSP with own PKI stores the new signed contract data
      And the vehicle is plugged in again
      Then the vehicle holds the new data of that contract alone

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |

    @PCP-UPD-04
    Scenario Outline: The key of the vehicle is changed
      Given a vehicle with <keys> keys whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And a new certificate of that vehicle with a new key
      When the OEM publishes the new certificate
      And its eMSP lists that contract until it is gone
      And the eMSP places that order again
      And the vehicle with its new certificate is plugged in
      Then the pool does not list that contract
      And the vehicle holds that contract alone

      Examples:
        | keys      |
        | secp521r1 |
        | Ed448     |
