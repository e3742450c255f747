@needs.receiver @mutates
Feature: Event Service: events that are not for a party
  Whether events about contracts and vehicles reach their OEM and eMSP only.

  Background:
    Given a vehicle whose provisioning certificate is published

  Rule: An OEM is told about its own vehicles only [endpointRes.v1.json#/properties/wmis; 04_authentication.md § OEM]

    @EVT-HOOK-13
    Scenario: The vehicle of another OEM
      Given the other OEM is subscribed to "oem.contract.created"
      And the OEM is subscribed to "oem.contract.created"
      When the eMSP orders a contract for that vehicle
      And the events have had time to arrive
      Then the OEM has been told "oem.contract.created" about that contract
      And the other OEM has not been told anything about that contract

    @EVT-POST-10
    Scenario: A subscription for the WMI of another OEM
      Given the other OEM has tried to subscribe to "oem.contract.created" for the WMI of that vehicle
      And the OEM is subscribed to "oem.contract.created", as a witness
      When the eMSP orders a contract for that vehicle
      And the events have had time to arrive
      Then the other OEM has not been told anything about that contract

    @EVT-POST-04
    Scenario: An endpoint limited to the WMI of the vehicle
      Given the OEM has an endpoint for "oem.contract.created" and the WMI of that vehicle
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then that endpoint states the WMI that it is limited to
      And the OEM has been told "oem.contract.created" about that contract

    @EVT-POST-04
    Scenario: An endpoint limited to another WMI
      Given the OEM is subscribed to "oem.contract.created" for another WMI than that of that vehicle
      And the OEM is subscribed to "oem.contract.created", as a witness
      When the eMSP orders a contract for that vehicle
      And the events have had time to arrive
      Then the OEM has not been told anything about that contract

    @EVT-POST-04
    Scenario: An endpoint limited to several WMIs
      Given the OEM is subscribed to "oem.contract.created" for another WMI and that of that vehicle
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then the OEM has been told "oem.contract.created" about that contract

  Rule: An eMSP is told about its own contracts only [endpointRes.v1.json#/properties/providerIds]

    @EVT-HOOK-14
    Scenario: The contract of another eMSP
      Given a contract of the eMSP for that vehicle
      And the eMSP is subscribed to "mo.contract.delivered.to.oem"
      And the other eMSP is subscribed to "mo.contract.delivered.to.oem"
      When the OEM fetches that contract
      And the events have had time to arrive
      Then the eMSP has been told "mo.contract.delivered.to.oem" about that contract
      And the other eMSP has not been told anything about that contract

    @PCP-ACC-03
    Scenario: A vehicle without contracts
      Given the eMSP is subscribed to "mo.prov.cert.updated, mo.prov.cert.deleted"
      And another vehicle of the OEM
      When the OEM publishes the other vehicle
      And the events have had time to arrive
      Then the eMSP has not been told anything about the other vehicle

  Rule: A CPO is told about roots and nothing else [06_webhook-service.md § Available Events]

    @EVT-HOOK-15 @needs.admin
    Scenario: A CPO that wants to know of roots
      Given the CPO is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then the CPO has been told "root.cert.added" about that root, once

    @EVT-HOOK-15
    Scenario: A CPO that wants to know of contracts
      Given the OEM is subscribed to "oem.contract.created"
      And the CPO has tried to subscribe to "oem.contract.created, mo.contract.delivered.to.oem"
      When the eMSP orders a contract for that vehicle
      And the OEM fetches that contract
      And the events have had time to arrive
      Then the OEM has been told "oem.contract.created" about that contract
      And the CPO has not been told anything about that contract
