@mutates
Feature: Event Service: endpoints (postEndpointV1, get-webhook-endpoints, getEndpointByIdV1, updateEndpointByIdV1, deleteEndpointByIdV1)
  Whether a party can subscribe, and list, read, change and remove its endpoints, and no others, and which
  subscriptions are refused.

  Rule: A party subscribes with an address, the events it wants and what else it states [event.api.v1.endpoints.json#/post]

    @EVT-POST-01
    Scenario: An endpoint is created
      When the oem creates an endpoint
      Then the answer is 201
      And the answer holds the endpoint that was sent

    @EVT-POST-02
    Scenario: An endpoint has a secret
      Given the oem has an endpoint
      When the oem reads that endpoint
      Then that endpoint has a secret

    @EVT-POST-03
    Scenario: Two endpoints differ
      When the oem creates an endpoint
      And the oem creates another endpoint
      Then the ids and secrets of both endpoints differ

    @EVT-POST-05
    Scenario: Optional members are returned as given
      When the oem creates an endpoint with all optional members
      Then the answer is 201
      And the answer holds the endpoint that was sent

    @EVT-POST-11
    Scenario Outline: Every event can be subscribed by whom it concerns
      When the <party> subscribes to the events about <subject>
      Then the subscription is accepted

      Examples:
        | party             | subject          |
        | oem               | roots            |
        | emsp              | roots            |
        | emsp with own pki | roots            |
        | cpo               | roots            |
        | cps               | roots            |
        | oem               | the OEM's fleet  |
        | emsp              | eMSP contracts   |
        | emsp with own pki | eMSP contracts   |

    @EVT-POST-12
    Scenario Outline: An endpoint says whose events it gets
      When the <party> creates an endpoint
      Then the answer is 201
      And the answer states the role "<role>" and its <scope>

      Examples:
        | party | role | scope        |
        | oem   | OEM  | WMIs         |
        | emsp  | eMSP | provider ids |

  Rule: What is no valid subscription is refused and leaves no endpoint behind [event.api.v1.endpoints.json#/post/responses/400]

    Scenario Outline: A bad subscription
      Given the endpoints of the oem
      When the oem creates an endpoint <flaw>
      And the oem lists its endpoints afterwards
      Then the request is refused with 400
      And the endpoints are the same as before

      Examples:
        | requirement | flaw                              |
        | EVT-POST-06 | without an address                |
        | EVT-POST-07 | without events                    |
        | EVT-POST-08 | with an event that does not exist |
        | EVT-POST-09 | at an address that is no URL      |

    @EVT-POST-09 @needs.receiver
    Scenario: Events do not travel without encryption
      Given an occurrence that the accounts can cause
      When the party concerned creates an endpoint at an address without HTTPS, for that occurrence
      And that occurrence comes about
      And the events have had time to arrive
      Then the request is refused, or nothing arrives there

  Rule: A party lists its own endpoints and no others [event.api.v1.endpoints.json#/get]

    @EVT-LIST-01
    Scenario: All endpoints of a party
      Given the oem has an endpoint
      And the oem has another endpoint
      When the oem lists its endpoints
      Then the answer is 200
      And the list holds that endpoint
      And the list holds the other endpoint

    @EVT-LIST-02
    Scenario: Endpoints of another party are not listed
      Given the oem has an endpoint
      When the emsp lists its endpoints
      Then the answer is 200 or 404
      And the list does not hold that endpoint

    @EVT-LIST-03
    Scenario: A party without endpoints
      When the other cpo lists its endpoints
      Then the answer says that there are no endpoints

  Rule: A party reads its endpoint with its secret [event.api.v1.endpointsById.json#/get]

    @EVT-GET-01
    Scenario: An endpoint is read as it was created
      Given the oem has an endpoint
      When the oem reads that endpoint
      Then that endpoint is as it was created, with its secret

    @EVT-GET-02
    Scenario: An endpoint that does not exist
      Given an endpoint that does not exist
      When the oem reads that endpoint
      Then the answer is 404

    @EVT-GET-03
    Scenario: An endpoint of another party
      Given the oem has an endpoint
      When the emsp reads that endpoint
      Then the request is refused, for it is about something of another
      And the answer does not disclose the secret of that endpoint

  Rule: A party changes its endpoint [event.api.v1.endpointsById.json#/put]

    @EVT-PUT-01
    Scenario: Address, events and state are changed
      Given the oem has an endpoint
      When the oem changes that endpoint in address, events and state
      And the oem reads that endpoint afterwards
      Then the answer is 200
      And that endpoint is as it was changed to

    @EVT-PUT-05
    Scenario: A change without an address
      Given the oem has an endpoint
      When the oem changes that endpoint without an address
      And the oem reads that endpoint afterwards
      Then the request is refused with 400
      And that endpoint is as it was created, with its secret

    @EVT-PUT-06
    Scenario: An endpoint that does not exist is not changed
      Given an endpoint that does not exist
      When the oem changes that endpoint in address, events and state
      Then the answer is 404

    @EVT-PUT-07
    Scenario: An endpoint of another party is not changed
      Given the oem has an endpoint
      When the emsp changes that endpoint in address, events and state
      And the oem reads that endpoint afterwards
      Then the request is refused, for it is about something of another
      And that endpoint is as it was created, with its secret

    @EVT-PUT-08
    Scenario: A change keeps the secret
      Given the oem has an endpoint
      When the oem changes that endpoint in address, events and state
      And the oem reads that endpoint afterwards
      Then the answer is 200
      And that endpoint has the same secret as before

  Rule: A party removes its endpoint [event.api.v1.endpointsById.json#/delete]

    @EVT-DEL-01
    Scenario: A removed endpoint is there no more
      Given the oem has an endpoint
      When the oem deletes that endpoint
      And the oem reads that endpoint afterwards
      Then that endpoint is gone

    @EVT-DEL-02
    Scenario: An endpoint that does not exist is not removed
      Given an endpoint that does not exist
      When the oem deletes that endpoint
      Then the answer is 404

    @EVT-DEL-03
    Scenario: An endpoint of another party is not removed
      Given the oem has an endpoint
      When the emsp deletes that endpoint
      And the oem reads that endpoint afterwards
      Then the request is refused, for it is about something of another
      And that endpoint is as it was created, with its secret
