@needs.admin @needs.receiver @mutates
Feature: Event Service: events after an endpoint is changed (updateEndpointByIdV1, deleteEndpointByIdV1)
  Whether events go where, and only as long as, the endpoint now says, after it is changed, disabled or
  removed.

  Rule: Events follow the endpoint as it is now [event.api.v1.endpointsById.json#/put/description; event.api.v1.endpointsById.json#/delete]

    @EVT-PUT-02
    Scenario: Events go to the new address only
      Given the oem has an endpoint for "root.cert.added"
      When the oem moves that endpoint to another address
      And the administrator adds a root of type "v2g"
      And the events have had time to arrive
      Then the event about that root has arrived at the new address only

    @EVT-PUT-03
    Scenario: A disabled endpoint gets no events
      Given the oem has an endpoint for "root.cert.added"
      When the oem disables that endpoint
      And the administrator adds a root of type "v2g"
      And the events have had time to arrive
      Then nobody has been told anything about that root

    @EVT-PUT-03
    Scenario: An endpoint that is enabled again gets events
      Given the oem has an endpoint for "root.cert.added"
      When the oem disables that endpoint
      And the oem enables that endpoint
      And the administrator adds a root of type "v2g"
      And the events have had time to arrive
      Then every subscriber has been told "root.cert.added" about that root, once

    @EVT-PUT-04
    Scenario: An event that is no longer subscribed is not delivered
      Given the oem has an endpoint for "root.cert.added, root.cert.revoked, root.cert.expired"
      When the oem limits that endpoint to "root.cert.revoked, root.cert.expired"
      And the administrator adds a root of type "v2g"
      And the administrator deletes that root
      And the events have had time to arrive
      Then every subscriber has been told only of the removal of that root

    @EVT-DEL-01
    Scenario: A removed endpoint gets no events
      Given the oem has an endpoint for "root.cert.added"
      When the oem deletes that endpoint
      And the oem reads that endpoint afterwards
      And the administrator adds a root of type "v2g"
      And the events have had time to arrive
      Then that endpoint is gone
      And nobody has been told anything about that root
