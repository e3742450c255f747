@mutates
Feature: The life of a contract: its conclusion, its renewal, its end

  Rule: OEM and eMSP learn of each step, and the pool of contracts follows

    @SYS-FLOW-04 @needs.receiver
    Scenario: Ordered, renewed and withdrawn
      Given a vehicle whose provisioning certificate is published
      And an order of the eMSP for that vehicle
      And the OEM is subscribed to "oem.contract.created, oem.contract.updated, oem.contract.deleted"
      And the eMSP is subscribed to "mo.contract.created.sent.to.oem, mo.contract.updated.sent.to.oem, mo.contract.deleted.sent.to.oem"
      When the eMSP places that order
      And the eMSP places that order again
      And the eMSP deletes that contract
      And its eMSP lists that contract afterwards
      And the events have had time to arrive
      Then the pool does not list that contract
      And the OEM has been told "oem.contract.created, oem.contract.updated, oem.contract.deleted" in this order
      And the eMSP has been told "mo.contract.created.sent.to.oem, mo.contract.updated.sent.to.oem, mo.contract.deleted.sent.to.oem" in this order

  Rule: After its renewal the vehicle holds the new data of a contract, and not the old

    @SYS-FLOW-04
    Scenario: New data that the CPS signs
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      And new contract data for that contract
      When the vehicle is plugged in
      And the eMSP with own PKI has the new ones signed
      And the vehicle is plugged in again
      Then the vehicle holds the new data of that contract alone

    @SYS-FLOW-04
    Scenario: New data that the eMSP stores
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle, stored by itself
      And new signed contract data for that contract
      When the vehicle is plugged in
      And the eMSP with own PKI stores the new ones
      And the vehicle is plugged in again
      Then the vehicle holds the new data of that contract alone

    @SYS-FLOW-04
    Scenario: New data that the operator generates
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      And what the pool lists of that contract
      When the eMSP places that order again
      And its eMSP lists that contract afterwards
      And the vehicle is plugged in
      Then the pool lists that contract once, with another certificate
      And the vehicle holds that contract alone

  Rule: A contract that has ended reaches no vehicle

    @SYS-FLOW-04
    Scenario: It was withdrawn
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP for that vehicle
      When the eMSP deletes that contract
      And the vehicle is plugged in
      Then the vehicle holds no contract

    @CCP-CLN-01 @needs.clock
    Scenario: Its time is over
      Given a vehicle whose provisioning certificate is published
      And an order of a contract that ends in 3 days was placed for that vehicle
      When 3 days and the cleansing interval have passed
      And its eMSP lists that contract afterwards
      And the vehicle is plugged in
      Then the pool does not list that contract
      And the vehicle holds no contract

    @CCP-CLN-02 @needs.clock @needs.ocsp
    Scenario: Its certificate was revoked
      Given a vehicle whose provisioning certificate is published
      And a contract of the eMSP with own PKI for that vehicle
      When the contract certificate is revoked
      And 1 days and the cleansing interval have passed
      And its eMSP lists that contract afterwards
      And the vehicle is plugged in
      Then the pool does not list that contract
      And the vehicle holds no contract
