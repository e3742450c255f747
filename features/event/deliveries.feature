@needs.admin @needs.receiver @mutates
Feature: Event Service: webhook deliveries
  Whether events are posted to every endpoint that is subscribed to them, in the published form, about the
  right root, and signed.

  Rule: An event is an HTTPS POST of JSON to the address of each endpoint [06_webhook-service.md § What are webhooks, § Payload structure]

    @EVT-HOOK-01
    Scenario: An event arrives as JSON over HTTPS
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then the oem has been told "root.cert.added" about that root, once
      And every event came as an HTTPS POST of JSON

    @EVT-HOOK-02
    Scenario: An event says what it is
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every event has an id, a type, a time and a payload

    @EVT-HOOK-03
    Scenario: Every event has an id of its own
      Given the oem is subscribed to "root.cert.added, root.cert.revoked, root.cert.expired"
      And the administrator has registered a root of type "v2g"
      When the administrator deletes that root
      And the events have had time to arrive
      Then every event has an id of its own

    @EVT-HOOK-16
    Scenario: An event is delivered to every endpoint it concerns
      Given the oem is subscribed to "root.cert.added"
      And the oem is subscribed to "root.cert.added"
      And the emsp is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every subscriber has been told "root.cert.added" about that root, once

  Rule: An endpoint gets what it subscribed to and nothing else [event.api.v1.endpoints.json#/post/description]

    @EVT-HOOK-12
    Scenario: Events that were not subscribed are not delivered
      Given the oem is subscribed to "root.cert.expired"
      When the administrator adds a root of type "v2g"
      And the events have had time to arrive
      Then nobody has been told anything about that root

  Rule: An event about a root identifies it as the pool does [ERR-013; ERR-020; ERR-130]

    @EVT-HOOK-09
    Scenario: The payload names the root
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every event about that root names it as the pool and its certificate do

    @EVT-HOOK-10
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

    @EVT-HOOK-11
    Scenario: A stated serial number is that of the root
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every event about that root states its serial number, if it states any

  Rule: Events are signed with the secret of the endpoint [06_webhook-service.md § Validating payloads]

    @EVT-SIG-01 @EVT-SIG-05
    Scenario: Every event carries a signature
      Given parties of every role are subscribed to the events about roots
      When the administrator adds a root of type "v2g"
      And the administrator deletes that root
      And every subscriber has received something
      Then every event carries a signature

    @EVT-SIG-02
    Scenario: The signature is made over the body as it was sent
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every signature is that of the endpoint over the body

    @EVT-SIG-03
    Scenario: The signature has the documented form
      Given the oem is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every signature is written as the documentation says

    @EVT-SIG-04
    Scenario: Every endpoint has signatures of its own
      Given the oem is subscribed to "root.cert.added"
      And the emsp is subscribed to "root.cert.added"
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every signature is that of the endpoint over the body
      And every signature is that of its own endpoint alone
