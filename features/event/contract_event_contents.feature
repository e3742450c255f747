@needs.receiver @mutates
Feature: Event Service: contents of contract events
  Whether events about contracts and vehicles identify the contract, and whether what else they hold agrees
  with what is stored.

  Rule: An event identifies the contract [webhook.payload.v1.json; ERR-131; ERR-132]

    @EVT-HOOK-04 @SYS-NS-03
    Scenario Outline: The edition of ISO 15118
      Given a <vehicle> whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created"
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then every event about that contract names its edition of ISO 15118

      Examples:
        | vehicle                     |
        | vehicle                     |
        | vehicle with secp521r1 keys |

    @EVT-HOOK-05
    Scenario: EMAID and PCID
      Given a vehicle whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created"
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then every event about that contract names its EMAID and PCID in normal form

  Rule: What an event says beyond that is true [06_webhook-service.md § Payload structure]

    Scenario Outline: Members that may be there
      Given a vehicle whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created"
      When the eMSP orders a contract for that vehicle
      And every subscriber has received something
      Then every event about that contract <what>

      Examples:
        | requirement | what                                                          |
        | EVT-HOOK-06 | holds the certificate of that contract, if it holds any       |
        | EVT-HOOK-07 | names a V2G root by its fingerprint, if it names any          |
        | EVT-HOOK-08 | names a V2G root by its common name, if it names any          |
