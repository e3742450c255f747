@needs.receiver @mutates
Feature: Event Service: events about vehicles (provisioning certificates)
  Whether eMSPs are told what becomes of a vehicle, by its contracts or, where none can be made, because they have
  subscribed for its WMI.

  Background:
    Given a vehicle that the eMSP is told of

  Rule: An eMSP is told of a new key and of a withdrawal, each by its own event [06_webhook-service.md § Available Events]

    @EVT-TYPE-05 @PCP-UPD-02
    Scenario: A new key is told as such
      Given a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated, mo.prov.cert.deleted" for the WMI of that vehicle
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the eMSP has been told "mo.prov.cert.updated" about that vehicle, and nothing else

    @EVT-TYPE-04 @PCP-DEL-07
    Scenario: A withdrawal is told as such
      Given the eMSP is subscribed to "mo.prov.cert.updated, mo.prov.cert.deleted" for the WMI of that vehicle
      When the OEM deletes that vehicle
      And the events have had time to arrive
      Then the eMSP has been told "mo.prov.cert.deleted" about that vehicle, and nothing else

    @PCP-UPD-03
    Scenario: The same key is nothing to be told of
      Given a new certificate of that vehicle with the same key
      And the eMSP is subscribed to "mo.prov.cert.updated, mo.prov.cert.deleted" for the WMI of that vehicle
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the eMSP has not been told anything about that vehicle

  Rule: What an event says is true of the vehicle [webhook.payload.v1.json; ERR-128; ERR-129; ERR-133]

    Scenario Outline: Members of an event about a vehicle
      Given a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated" for the WMI of that vehicle
      When the OEM publishes the new certificate
      And every subscriber has received something
      Then every event about that vehicle <what>

      Examples:
        | requirement | what                                                                 |
        | EVT-HOOK-04 | names an edition of ISO 15118                                        |
        | EVT-HOOK-05 | names its PCID in normal form                                        |
        | EVT-HOOK-06 | holds the certificate of the contract that it names, if it holds any |
        | EVT-HOOK-07 | names a V2G root by its fingerprint, if it names any                 |
        | EVT-HOOK-08 | names a V2G root by its common name, if it names any                 |

  Rule: An endpoint that is limited to WMIs is told of their vehicles only [postEndpointReq.v1.json#/properties/wmi]

    @EVT-POST-04
    Scenario: Vehicles of another WMI
      Given a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated" for another WMI than that of that vehicle
      And the eMSP is subscribed to "mo.prov.cert.updated" for the WMI of that vehicle, as a witness
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the eMSP has not been told anything about that vehicle

    @EVT-POST-04
    Scenario: Vehicles of one of several WMIs
      Given a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated" for another WMI and that of that vehicle
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the eMSP has been told "mo.prov.cert.updated" about that vehicle, and nothing else

  Rule: Nobody is told of vehicles or contracts that are not theirs [04_authentication.md § OEM; 06_webhook-service.md § Available Events; ERR-049]

    @EVT-HOOK-14
    Scenario: Two eMSPs that have subscribed for the same WMI
      Given a new certificate of that vehicle with a new key
      And the eMSP is subscribed to "mo.prov.cert.updated" for the WMI of that vehicle
      And the other eMSP is subscribed to "mo.prov.cert.updated" for the WMI of that vehicle
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then every event about that vehicle names no contract but the subscriber's own

    @EVT-POST-10 @EVT-HOOK-13
    Scenario: Another OEM that wants to know of the vehicle
      Given a new certificate of that vehicle with a new key
      And the other OEM has tried to subscribe to "mo.prov.cert.updated" for the WMI of that vehicle
      And the eMSP is subscribed to "mo.prov.cert.updated" for the WMI of that vehicle, as a witness
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the other OEM has not been told anything about that vehicle

    @EVT-HOOK-15
    Scenario: A CPO that wants to know of the vehicle
      Given a new certificate of that vehicle with a new key
      And the CPO has tried to subscribe to "mo.prov.cert.updated" for the WMI of that vehicle
      And the eMSP is subscribed to "mo.prov.cert.updated" for the WMI of that vehicle, as a witness
      When the OEM publishes the new certificate
      And the events have had time to arrive
      Then the CPO has not been told anything about that vehicle
