@needs.admin @needs.receiver @mutates
Feature: Event Service: retries of webhook deliveries
  Whether an event that a receiver could not take is sent again as often and as late as published, and
  whether other receivers get theirs in time.

  Rule: An event that meets a server error is sent again, three times, one hour apart [06_webhook-service.md § Error handling]

    @EVT-RETRY-01 @needs.clock
    Scenario: A server error is followed by a retry
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem answers 503 once
      When the administrator adds a root of type "v2g"
      And the retry interval has passed once
      Then the event about that root was sent 2 times

    @EVT-RETRY-02 @needs.clock
    Scenario: Three retries, one hour apart
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem always answers 503
      When the administrator adds a root of type "v2g"
      And the retry interval has passed 4 times
      Then the event about that root was sent again three times, one interval apart

    @EVT-RETRY-03 @needs.clock
    Scenario: After the third retry the event is given up
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem always answers 503
      When the administrator adds a root of type "v2g"
      And the retry interval has passed 24 times
      Then the event about that root was sent at most 4 times

    @EVT-RETRY-04 @needs.clock
    Scenario: A retry that succeeds is the last
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem answers 503 once
      When the administrator adds a root of type "v2g"
      And the retry interval has passed 4 times
      Then the event about that root was sent 2 times

    @EVT-RETRY-05 @needs.clock
    Scenario: A retry repeats the event
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem answers 503 once
      When the administrator adds a root of type "v2g"
      And the retry interval has passed once
      Then the event about that root has the same id and body at every attempt
      And every signature is that of the endpoint over the body

    @EVT-RETRY-08 @needs.clock
    Scenario Outline: A receiver that cannot be reached is tried again
      Given the oem is subscribed to "root.cert.added"
      And the receiver <trouble>
      When the administrator adds a root of type "v2g"
      And the receiver works again
      And the retry interval has passed once
      Then every subscriber has been told "root.cert.added" about that root, once

      Examples:
        | trouble                                |
        | takes no connections                   |
        | does not answer in time                |
        | shows a certificate that nobody trusts |

  Rule: An event that the receiver refuses is not sent again [06_webhook-service.md § Error handling]

    @EVT-RETRY-06 @needs.clock
    Scenario Outline: A client error ends the matter
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem always answers <status>
      When the administrator adds a root of type "v2g"
      And the retry interval has passed 4 times
      Then the event about that root was sent 1 time

      Examples:
        | status |
        | 400    |
        | 409    |

    @EVT-RETRY-06 @needs.clock
    Scenario: Other client errors are noted only
      Given the oem is subscribed to "root.cert.added"
      And the receiver of the oem always answers 404
      When the administrator adds a root of type "v2g"
      And the retry interval has passed 4 times
      Then it is noted whether the event about that root was sent again

  Rule: A receiver in trouble does not delay the others [06_webhook-service.md § Error handling]

    @EVT-RETRY-07
    Scenario: Others get the event at once
      Given the oem is subscribed to "root.cert.added"
      And the emsp is subscribed to "root.cert.added"
      And the receiver of the oem always answers 503
      When the administrator adds a root of type "v2g"
      And the events have had time to arrive
      Then the emsp has been told "root.cert.added" about that root, once
