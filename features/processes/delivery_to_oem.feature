@mutates
Feature: Process: delivery of contract data to the backend of the OEM
  Whether a contract reaches the vehicle through the backend of its OEM, which is told of it by an event.

  Rule: The OEM learns of a contract, fetches it and sends it to the vehicle by a way of its own [02_PnC_business-processes.md § Business Processes]

    @SYS-FLOW-03 @needs.receiver
    Scenario: From the event to the vehicle
      Given a vehicle whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the eMSP orders a contract for that vehicle
      And the OEM fetches the contract that it is told of in its edition
      And the OEM sends the vehicle what it has fetched
      And every subscriber has received something
      Then the vehicle holds that contract alone
      And the eMSP has been told "mo.contract.delivered.to.oem" about that contract
