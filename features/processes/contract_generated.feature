@mutates
Feature: Process: contract data that the operator generates
  Whether a contract that an eMSP without PKI orders reaches the vehicle.

  Rule: An eMSP without PKI orders a contract, and the operator does all the rest [ERR-062]

    @SYS-FLOW-02 @needs.receiver
    Scenario: From the order to the charging station
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      And the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the eMSP places that order
      And the vehicle is plugged in
      And every subscriber has received something
      Then the contract is taken
      And the vehicle holds that contract alone
      And the OEM has been told "oem.contract.created" about that contract
      And the eMSP has been told "mo.contract.delivered.to.oem" about that contract
