@mutates
Feature: Process: life of a contract, told to OEM and eMSP
  Whether OEM and eMSP are told of each step in the life of a contract, and whether what is stored and
  delivered follows.

  Rule: OEM and eMSP learn of each step, and the pool of contracts follows [04_contract-certificate-pool.md § Processes]

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
      And the OEM has been told "oem.contract.created, oem.contract.updated, oem.contract.deleted" about that contract, in this order
      And the eMSP has been told "mo.contract.created.sent.to.oem, mo.contract.updated.sent.to.oem, mo.contract.deleted.sent.to.oem" about that contract, in this order
