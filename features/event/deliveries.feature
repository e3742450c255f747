@needs.receiver @mutates
Feature: Event Service: webhook deliveries
  Whether events are posted to every endpoint that is subscribed to them, in the published form, about the
  right root, and signed.

  Rule: An event is an HTTPS POST of JSON to the address of each endpoint [06_webhook-service.md § What are webhooks, § Payload structure]

    @EVT-HOOK-01
    Scenario: An event arrives as JSON over HTTPS
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      When that occurrence comes about
      And every subscriber has received something
      Then every subscriber has been told of that occurrence, once
      And every event came as an HTTPS POST of JSON

    @EVT-HOOK-02
    Scenario: An event says what it is
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      When that occurrence comes about
      And every subscriber has received something
      Then every event has an id, a type, a time and a payload

    @EVT-HOOK-03
    Scenario: Every event has an id of its own
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence and its end
      When that occurrence comes about
      And that occurrence ends
      And the events have had time to arrive
      Then every event has an id of its own

    @EVT-HOOK-16
    Scenario: An event is delivered to every endpoint it concerns
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the party concerned is subscribed to that occurrence
      And another party concerned is subscribed to that occurrence
      When that occurrence comes about
      And every subscriber has received something
      Then every subscriber has been told of that occurrence, once

  Rule: An endpoint gets what it subscribed to and nothing else [event.api.v1.endpoints.json#/post/description]

    @EVT-HOOK-12
    Scenario: Events that were not subscribed are not delivered
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to the end of that occurrence
      And another party concerned is subscribed to that occurrence, as a witness
      When that occurrence comes about
      And the events have had time to arrive
      Then nobody has been told anything about that occurrence

  Rule: An event about a root identifies it as the pool does [ERR-013; ERR-020; ERR-130]

    @EVT-HOOK-09 @needs.admin
    Scenario: The payload names the root
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every event about that root names it as the pool and its certificate do

    @EVT-HOOK-10 @needs.admin
    Scenario Outline: The payload states the type of the root
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "<type>"
      And every subscriber has received something
      Then every event about that root states its type

      Examples:
        | type |
        | v2g  |
        | oem  |
        | emsp |

    @EVT-HOOK-11 @needs.admin
    Scenario: A stated serial number is that of the root
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every event about that root states its serial number, if it states any

  Rule: Events are signed with the secret of the endpoint [06_webhook-service.md § Validating payloads]

    @EVT-SIG-01 @EVT-SIG-05
    Scenario: What anybody can cause is told with a signature
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence and its end
      When that occurrence comes about
      And that occurrence ends
      And the events have had time to arrive
      Then every event carries a signature

    @EVT-SIG-01 @EVT-SIG-05 @needs.admin
    Scenario: Every event carries a signature
      Given parties of every role are subscribed to the events about roots
      When the administrator adds a root of type "v2g"
      And the administrator deletes that root
      And every subscriber has received something
      Then every event carries a signature

    @EVT-SIG-01 @EVT-SIG-02 @EVT-SIG-05
    Scenario: Every event about a contract carries the signature of its endpoint
      Given a vehicle whose provisioning certificate is published
      And the OEM is subscribed to "oem.contract.created, oem.contract.deleted"
      When the eMSP orders a contract for that vehicle
      And the eMSP deletes that contract
      And the events have had time to arrive
      Then every event carries a signature
      And every signature is that of the endpoint over the body

    @EVT-SIG-02
    Scenario: The signature is made over the body as it was sent
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      When that occurrence comes about
      And every subscriber has received something
      Then every signature is that of the endpoint over the body

    @EVT-SIG-03
    Scenario: The signature has the documented form
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      When that occurrence comes about
      And every subscriber has received something
      Then every signature is written as the documentation says

    @EVT-SIG-04
    Scenario: Every endpoint has signatures of its own
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And another party concerned is subscribed to that occurrence
      When that occurrence comes about
      And every subscriber has received something
      Then every signature is that of the endpoint over the body
      And every signature is that of its own endpoint alone
