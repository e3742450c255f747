@needs.receiver @mutates
Feature: Event Service: retries of webhook deliveries
  Whether an event that a receiver could not take is sent again as often and as late as published, and
  whether other receivers get theirs in time.

  Rule: An event that meets a server error is sent again, three times, one hour apart [06_webhook-service.md § Error handling]

    @EVT-RETRY-01 @needs.retries
    Scenario: A server error is followed by a retry
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned answers 503 once
      When that occurrence comes about
      And the retry interval has passed once
      Then the event about that occurrence was sent 2 times

    @EVT-RETRY-02 @needs.retries
    Scenario: Three retries, one hour apart
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned always answers 503
      When that occurrence comes about
      And the retry interval has passed 4 times
      Then the event about that occurrence was sent again three times, one interval apart

    @EVT-RETRY-03 @needs.retries
    Scenario: After the third retry the event is given up
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned always answers 503
      When that occurrence comes about
      And the retry interval has passed 24 times
      Then the event about that occurrence was sent at most 4 times

    @EVT-RETRY-04 @needs.retries
    Scenario: A retry that succeeds is the last
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned answers 503 once
      When that occurrence comes about
      And the retry interval has passed 4 times
      Then the event about that occurrence was sent 2 times

    @EVT-RETRY-05 @needs.retries
    Scenario: A retry repeats the event
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned answers 503 once
      When that occurrence comes about
      And the retry interval has passed once
      Then the event about that occurrence has the same id and body at every attempt
      And every signature is that of the endpoint over the body

    @EVT-RETRY-08 @needs.retries
    Scenario Outline: A receiver that cannot be reached is tried again
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver <trouble>
      When that occurrence comes about
      And the receiver works again
      And the retry interval has passed once
      Then every subscriber has been told of that occurrence, once

      Examples:
        | trouble                                |
        | takes no connections                   |
        | does not answer in time                |
        | shows a certificate that nobody trusts |

  Rule: An event that the receiver refuses is not sent again [06_webhook-service.md § Error handling]

    @EVT-RETRY-06 @needs.retries
    Scenario Outline: A client error ends the matter
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned always answers <status>
      When that occurrence comes about
      And the retry interval has passed 4 times
      Then the event about that occurrence was sent 1 time

      Examples:
        | status |
        | 400    |
        | 409    |

    @EVT-RETRY-06 @needs.retries
    Scenario: Other client errors are noted only
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And the receiver of the party concerned always answers 404
      When that occurrence comes about
      And the retry interval has passed 4 times
      Then it is noted whether the event about that occurrence was sent again

  Rule: A receiver in trouble does not delay the others [06_webhook-service.md § Error handling]

    @EVT-RETRY-07
    Scenario: Others get the event at once
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And another party concerned is subscribed to that occurrence
      And the receiver of the first subscriber always answers 503
      When that occurrence comes about
      And the events have had time to arrive
      Then every other subscriber has been told of that occurrence, once

    @EVT-RETRY-07
    Scenario: Others do not wait for one that does not answer
      Given an occurrence that the accounts can cause
      And the party concerned is subscribed to that occurrence
      And another party concerned is subscribed to that occurrence
      And the receiver of the first subscriber does not answer in time
      When that occurrence comes about
      And the events have had time to arrive
      Then every other subscriber has been told of that occurrence, once
