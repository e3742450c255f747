@needs.admin @needs.receiver @mutates
Feature: RCP: events about root certificates
  Whether every party that is subscribed is told of a root that is added, revoked or expired.

  Rule: Every change of the pool is told to all who subscribed [06_webhook-service.md § Available Events]

    @RCP-PUT-08 @EVT-TYPE-13
    Scenario: A root is added
      Given parties of every role are subscribed to the events about roots
      When the administrator adds a root of type "v2g"
      And every subscriber has received something
      Then every subscriber has been told "root.cert.added" about that root, once

    @RCP-PUT-12
    Scenario: A root that is known is not added again
      Given the administrator has registered a root of type "v2g"
      And parties of every role are subscribed to the events about roots
      When the administrator registers that root again
      And the administrator adds another root of type "v2g"
      And every subscriber has received something
      Then nobody has been told anything about that root

    @RCP-DEL-04
    Scenario: A root is deleted
      Given the administrator has registered a root of type "v2g"
      And parties of every role are subscribed to the events about roots
      When the administrator deletes that root
      And every subscriber has received something
      Then every subscriber has been told of the removal of that root, once

    @RCP-CLN-02 @EVT-TYPE-14 @needs.clock
    Scenario: A root expires
      Given the administrator has registered a root that expires in 3 days
      And parties of every role are subscribed to the events about roots
      When 3 days and the cleansing interval have passed
      And every subscriber has received something
      Then every subscriber has been told "root.cert.expired" about that root, once

    @RCP-CLN-03 @EVT-TYPE-15 @needs.clock
    Scenario: A root is revoked
      Given the administrator has registered a root with a revocation list
      And parties of every role are subscribed to the events about roots
      When the revocation list names that root
      And the cleansing interval has passed
      And a party lists the root certificates afterwards
      Then the pool, having asked for the revocation list, does not list that root
      And every subscriber has been told "root.cert.revoked" about that root, once
