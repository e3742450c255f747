@needs.receiver @mutates
Feature: From the contract to the vehicle, and back

  Background:
    Given a vehicle whose provisioning certificate is published

  Rule: A contract that was concluded reaches the vehicle, and everybody concerned is told

    @SYS-FLOW-01
    Scenario: An eMSP with own PKI
      Given contract data of the eMSP with own PKI for that vehicle
      And the OEM is subscribed to "oem.contract.created"
      And the eMSP with own PKI is subscribed to "mo.contract.delivered.to.oem"
      When the eMSP with own PKI has them signed
      And the vehicle asks for contracts at a charging station
      And every subscriber has received something
      Then the vehicle can install that contract
      And the OEM has been told "oem.contract.created" about that contract
      And the eMSP with own PKI has been told "mo.contract.delivered.to.oem" about that contract

    @SYS-FLOW-02
    Scenario: An eMSP that uses the PKI of the operator
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the eMSP orders a contract for that vehicle
      And the vehicle asks for contracts at a charging station
      And every subscriber has received something
      Then the vehicle can install that contract
      And the OEM has been told "oem.contract.created" about that contract
      And the eMSP has been told "mo.contract.delivered.to.oem" about that contract

    @SYS-FLOW-03
    Scenario: Through the backend of the OEM
      Given the OEM is subscribed to "oem.contract.created"
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the eMSP orders a contract for that vehicle
      And the OEM fetches that contract
      And every subscriber has received something
      Then the answer is 200
      And the OEM has been told "oem.contract.created" about that contract
      And the eMSP has been told "mo.contract.delivered.to.oem" about that contract

  Rule: What becomes of a contract is told in the order in which it happens

    @SYS-FLOW-04
    Scenario: A contract is made, renewed and deleted
      Given contract data of the eMSP with own PKI for that vehicle
      And new contract data for that contract
      And the OEM is subscribed to "oem.contract.created, oem.contract.updated, oem.contract.deleted"
      When the eMSP with own PKI has them signed
      And the eMSP with own PKI has the new ones signed
      And the eMSP with own PKI deletes that contract
      And its eMSP lists that contract afterwards
      And the events have had time to arrive
      Then the pool does not list that contract
      And the OEM has been told "oem.contract.created, oem.contract.updated, oem.contract.deleted" in this order

  Rule: A vehicle that is withdrawn, or gets another key, loses its contracts

    @SYS-FLOW-05
    Scenario: The end of a vehicle
      Given a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.prov.cert.deleted"
      When the OEM deletes that vehicle
      And the vehicle asks for contracts at a charging station afterwards
      And every subscriber has received something
      Then no contract is delivered
      And the eMSP has been told "mo.prov.cert.deleted" about that contract

    @SYS-FLOW-06
    Scenario: A new key from the workshop
      Given a second contract, of the eMSP, for that vehicle
      And a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated"
      When the OEM publishes the new certificate, which the vehicle has from then on
      And the eMSP orders a contract for that vehicle
      And the vehicle asks for contracts at a charging station
      And every subscriber has received something
      Then that contract alone is delivered
      And the vehicle can install that contract
      And the eMSP has been told "mo.prov.cert.updated" about the second contract
