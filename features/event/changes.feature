@needs.receiver @mutates
Feature: Event Service: events after an endpoint is changed (updateEndpointByIdV1, deleteEndpointByIdV1)
  Whether events go where, and only as long as, the endpoint now says, after it is changed, disabled or
  removed.

  Rule: Events follow the endpoint as it is now [event.api.v1.endpointsById.json#/put/description; event.api.v1.endpointsById.json#/delete]

    @EVT-PUT-02
    Scenario: Events go to the new address only
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      When the party concerned moves that endpoint to another address
      And that occurrence comes about
      And the events have had time to arrive
      Then the event about that occurrence has arrived at the new address only

    @EVT-PUT-03
    Scenario: A disabled endpoint gets no events
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      And another party concerned is subscribed to that occurrence, as a witness
      When the party concerned disables that endpoint
      And that occurrence comes about
      And the events have had time to arrive
      Then nobody has been told anything about that occurrence

    @EVT-PUT-03
    Scenario: An endpoint that is disabled from the beginning gets no events
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence, disabled at first
      And another party concerned is subscribed to that occurrence, as a witness
      When that occurrence comes about
      And the events have had time to arrive
      Then nobody has been told anything about that occurrence

    @EVT-PUT-03 @needs.retries
    Scenario: What waits for a retry stays with a disabled endpoint
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      And the receiver of the party concerned always answers 503
      When that occurrence comes about
      And every subscriber has received something
      And the party concerned disables that endpoint
      And the retry interval has passed 2 times
      Then the event about that occurrence was sent 1 time

    @EVT-PUT-03
    Scenario: An endpoint that is enabled again gets events
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      When the party concerned disables that endpoint
      And the party concerned enables that endpoint
      And that occurrence comes about
      And the events have had time to arrive
      Then every subscriber has been told of that occurrence, once

    @EVT-PUT-04
    Scenario: An event that is no longer subscribed is not delivered
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence and its end
      When the party concerned limits that endpoint to the end of that occurrence
      And that occurrence comes about
      And that occurrence ends
      And the events have had time to arrive
      Then every subscriber has been told only of the end of that occurrence

    @EVT-PUT-08
    Scenario: A changed endpoint signs with the secret that it had
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      When the party concerned disables that endpoint
      And the party concerned enables that endpoint
      And that occurrence comes about
      And every subscriber has received something
      Then every signature is that of the endpoint over the body

    @EVT-DEL-01 @needs.retries
    Scenario: What waits for a retry goes with a removed endpoint
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      And the receiver of the party concerned always answers 503
      When that occurrence comes about
      And every subscriber has received something
      And the party concerned deletes that endpoint
      And the retry interval has passed 2 times
      Then the event about that occurrence was sent 1 time

    @EVT-DEL-01
    Scenario: A removed endpoint gets no events
      Given an occurrence that the accounts can cause
      And the party concerned has an endpoint for that occurrence
      And another party concerned is subscribed to that occurrence, as a witness
      When the party concerned deletes that endpoint
      And that occurrence comes about
      And the events have had time to arrive
      Then nobody has been told anything about that occurrence
